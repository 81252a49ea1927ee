/** Written by `node gateway/openapi/write-openapi.ts`; do not edit. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is alive */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every part works */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                name: string;
                                ok: boolean;
                            }[];
                            ready: boolean;
                        };
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                name: string;
                                ok: boolean;
                            }[];
                            ready: boolean;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who changed what, the newest first
         * @description Sign-ins, failed ones too, and every change that a person, a key or an operator made. Kept for
         *     seven years; nobody can change it.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only of this kind, such as `key created`. */
                    action?: string;
                    /** @description `nextCursor` of the page before. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: {
                                action: string;
                                actor: string;
                                /** @enum {string} */
                                actorKind: "person" | "key" | "operator" | "system" | "stranger";
                                address: string | null;
                                at: string;
                                auditId: string;
                                detail: {
                                    [key: string]: unknown;
                                };
                                email: string | null;
                                requestId: string | null;
                                subject: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/feeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Feeds with their store, their rules, and what is parked or not counted */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            feeds: {
                                accountId: string;
                                authority: {
                                    from: string | null;
                                    to: string | null;
                                };
                                clockAheadAt: string | null;
                                clockAheadMs: number | null;
                                currency: string | null;
                                lastProofAt: string | null;
                                locationId: string;
                                mappingRevision: number;
                                /** @enum {string} */
                                numbering: "unknown" | "unique" | "per_register" | "per_day" | "per_register_and_day";
                                /** @enum {string} */
                                numberingFrom: "default" | "set" | "learnt" | "vendor";
                                parked: number;
                                rounding: {
                                    /** @enum {string} */
                                    by: "line" | "order";
                                    /** @enum {string} */
                                    rule: "half_even" | "half_up";
                                    tolerance: string;
                                };
                                source: string;
                                /** @enum {string} */
                                state: "live" | "late" | "unreachable" | "unknown" | "closed";
                                storeId: string | null;
                                storeName: string | null;
                                withheld: number;
                            }[];
                            isCut: boolean;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/feeds/{source}/{accountId}/{locationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Map a feed to a store, or set its authority dates, numbering, rounding or currency
         * @description Each change raises the feed's `mappingRevision` and is kept with who decided it. A
         *     change of store, authority or numbering appends the feed's orders again, as a job, and moves them without
         *     counting any twice. A location may be mapped before its first order came.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    accountId: string;
                    locationId: string;
                    source: "toast" | "square" | "clover" | "lightspeed_k" | "lightspeed_x" | "revel" | "loyverse" | "shopify" | "push" | "file" | "simulator";
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        authority?: {
                            from: string | null;
                            to: string | null;
                        };
                        currency?: string | null;
                        /** @enum {string} */
                        numbering?: "unique" | "per_register" | "per_day" | "per_register_and_day";
                        rounding?: {
                            /** @enum {string} */
                            by: "line" | "order";
                            /** @enum {string} */
                            rule: "half_even" | "half_up";
                            tolerance: string;
                        };
                        /** Format: uuid */
                        storeId?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            feed: {
                                accountId: string;
                                authority: {
                                    from: string | null;
                                    to: string | null;
                                };
                                clockAheadAt: string | null;
                                clockAheadMs: number | null;
                                currency: string | null;
                                lastProofAt: string | null;
                                locationId: string;
                                mappingRevision: number;
                                /** @enum {string} */
                                numbering: "unknown" | "unique" | "per_register" | "per_day" | "per_register_and_day";
                                /** @enum {string} */
                                numberingFrom: "default" | "set" | "learnt" | "vendor";
                                parked: number;
                                rounding: {
                                    /** @enum {string} */
                                    by: "line" | "order";
                                    /** @enum {string} */
                                    rule: "half_even" | "half_up";
                                    tolerance: string;
                                };
                                source: string;
                                /** @enum {string} */
                                state: "live" | "late" | "unreachable" | "unknown" | "closed";
                                storeId: string | null;
                                storeName: string | null;
                                withheld: number;
                            };
                            job: {
                                /** Format: date-time */
                                createdAt: string;
                                error: string | null;
                                finishedAt: string | null;
                                jobId: string;
                                kind: string;
                                message: string;
                                progress: number;
                                /** @enum {string} */
                                state: "queued" | "running" | "done" | "failed";
                            } | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/v1/heartbeats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a till is alive
         * @description A till says that it is alive, whether or not it sold anything, so that silence can be
         *     told from a quiet hour. Send one every minute. `completeUntil` is the event time up to which every order
         *     was sent; without it, now.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default default */
                        accountId?: string;
                        /** Format: date-time */
                        completeUntil?: string;
                        locationId?: string;
                        /**
                         * @default push
                         * @enum {string}
                         */
                        source?: "toast" | "square" | "clover" | "lightspeed_k" | "lightspeed_x" | "revel" | "loyverse" | "shopify" | "push" | "file" | "simulator";
                        /** Format: uuid */
                        storeId?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            mapped: boolean;
                            storeId: string | null;
                        };
                    };
                };
                /** @description The place or a field is at fault. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code: string;
                            detail?: string;
                            faults?: {
                                field: string;
                                reason: string;
                            }[];
                            requestId?: string;
                            status: number;
                            title: string;
                            type: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest jobs first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            jobs: {
                                /** Format: date-time */
                                createdAt: string;
                                error: string | null;
                                finishedAt: string | null;
                                jobId: string;
                                kind: string;
                                message: string;
                                progress: number;
                                /** @enum {string} */
                                state: "queued" | "running" | "done" | "failed";
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        /**
         * Start a job
         * @description Answers the job that waits or runs already where there is one of this kind.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        kind: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            createdAt: string;
                            error: string | null;
                            finishedAt: string | null;
                            jobId: string;
                            kind: string;
                            message: string;
                            progress: number;
                            /** @enum {string} */
                            state: "queued" | "running" | "done" | "failed";
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who you are */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            email: string | null;
                            isDemo: boolean;
                            mustSetPassword: boolean;
                            role: string;
                            tenantId: string;
                            tenantName: string;
                            userId: string | null;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/name-conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders that bear the number of another
         * @description Orders that bear the number of another order and do not fit it: of another store, of another
         *     register, or opened at another time. Each is kept with the order that was known then (`known`) and is counted
         *     nowhere until it is decided, or until its feed's numbering is set.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `yes` lists the decided ones as well. */
                    decided?: "yes" | "no";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            conflicts: {
                                accountId: string;
                                arrived: {
                                    /** Format: date */
                                    businessDate: string;
                                    currency: string;
                                    /** @enum {string} */
                                    kind: "sale" | "return" | "exchange" | "non_revenue";
                                    lines: {
                                        gross: string;
                                        name: string;
                                    }[];
                                    locationId: string;
                                    /** Format: date-time */
                                    openedAt: string;
                                    paidAt: string | null;
                                    payments: {
                                        amount: string;
                                        method: string;
                                    }[];
                                    registerId: string | null;
                                    /** @enum {string} */
                                    status: "open" | "closed" | "voided" | "deleted";
                                    storeId: string;
                                    total: string;
                                    vendorVersion: string;
                                };
                                decidedAt: string | null;
                                decidedBy: string | null;
                                decision: ("correction" | "another_sale" | "discard" | "renamed") | null;
                                id: string;
                                known: {
                                    /** Format: date */
                                    businessDate: string;
                                    currency: string;
                                    /** @enum {string} */
                                    kind: "sale" | "return" | "exchange" | "non_revenue";
                                    lines: {
                                        gross: string;
                                        name: string;
                                    }[];
                                    locationId: string;
                                    /** Format: date-time */
                                    openedAt: string;
                                    paidAt: string | null;
                                    payments: {
                                        amount: string;
                                        method: string;
                                    }[];
                                    registerId: string | null;
                                    /** @enum {string} */
                                    status: "open" | "closed" | "voided" | "deleted";
                                    storeId: string;
                                    total: string;
                                    vendorVersion: string;
                                };
                                orderId: string;
                                reason: string;
                                /** Format: date-time */
                                receivedAt: string;
                                /** @enum {string} */
                                source: "toast" | "square" | "clover" | "lightspeed_k" | "lightspeed_x" | "revel" | "loyverse" | "shopify" | "push" | "file" | "simulator";
                                storeId: string;
                            }[];
                            isCut: boolean;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/name-conflicts/{conflictId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what such an order is
         * @description `correction`: it is the known order, and takes its place where its version is newer.
         *     `another_sale`: it is counted beside the known order. `discard`: it stays uncounted. Later pictures of the same
         *     bill that wait are decided with it, except by a discard. It is counted within moments.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    conflictId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        as: "correction" | "another_sale" | "discard";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            decided: number;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send orders
         * @description Sends orders: one, an array of up to 500, or `{"orders": [...]}`.
         *
         *     Each order is the whole bill as it stands now. Sending it again, or an older picture of it, changes
         *     nothing, so a request without an answer is simply repeated. Every order is answered by itself:
         *     `accepted` (durable, and counted within moments), `duplicate` (known already), `parked` (kept, and
         *     counted as soon as its store is known) or `rejected` (with the field at fault and the reason). The status
         *     is 200 unless every order was rejected, which is 422. On 429 and 503 nothing may be believed taken: send
         *     all of it again after `Retry-After` seconds.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default default */
                        accountId?: string;
                        /** Format: date */
                        businessDate?: string;
                        /** @enum {string} */
                        businessDateFrom?: "vendor" | "derived";
                        /**
                         * @default other
                         * @enum {string}
                         */
                        channel?: "dine_in" | "takeout" | "delivery" | "drive_thru" | "catering" | "kiosk" | "online" | "other";
                        channelRaw?: string | null;
                        charges?: {
                            key: string;
                            /** @enum {string} */
                            kind: "service" | "gratuity" | "delivery" | "surcharge" | "donation" | "rounding" | "other";
                            lineKey?: string | null;
                            net: string | number;
                            tax?: string | number;
                        }[];
                        closedAt?: string | null;
                        currency: string;
                        guests?: number | null;
                        /**
                         * @default sale
                         * @enum {string}
                         */
                        kind?: "sale" | "return" | "exchange" | "non_revenue";
                        lines?: {
                            category?: string | null;
                            checkId?: string | null;
                            discount?: string | number;
                            gross: string | number;
                            itemId?: string | null;
                            key: string;
                            /** @enum {string} */
                            kind?: "item" | "gift_card" | "deposit" | "donation" | "fee" | "other";
                            name: string;
                            net?: string | number;
                            parentKey?: string | null;
                            qty?: string | number;
                            revenue?: boolean;
                            tax?: string | number;
                            voidBusinessDate?: string | null;
                            voidedAt?: string | null;
                        }[];
                        locationId?: string;
                        /** Format: date-time */
                        openedAt: string;
                        orderId: string;
                        paidAt?: string | null;
                        payments?: {
                            amount: string | number;
                            /** Format: date-time */
                            at?: string;
                            /** Format: date */
                            businessDate?: string;
                            key: string;
                            method: string;
                            /**
                             * @default done
                             * @enum {string}
                             */
                            status?: "pending" | "done" | "failed" | "voided";
                            tip?: string | number;
                        }[];
                        receiptNumber?: string | null;
                        refunds?: {
                            amount: string | number;
                            /** Format: date-time */
                            at: string;
                            /** Format: date */
                            businessDate?: string;
                            chargeKind?: ("service" | "gratuity" | "delivery" | "surcharge" | "donation" | "rounding" | "other") | null;
                            key: string;
                            lineKey?: string | null;
                            net?: string | number;
                            paymentKey?: string | null;
                            /**
                             * @default done
                             * @enum {string}
                             */
                            status?: "pending" | "done" | "failed";
                            tax?: string | number;
                            tip?: string | number;
                        }[];
                        registerId?: string | null;
                        relatedOrderId?: string | null;
                        /**
                         * @default push
                         * @enum {string}
                         */
                        source?: "toast" | "square" | "clover" | "lightspeed_k" | "lightspeed_x" | "revel" | "loyverse" | "shopify" | "push" | "file" | "simulator";
                        staffKey?: string | null;
                        /** @enum {string} */
                        status: "open" | "closed" | "voided" | "deleted";
                        /** Format: uuid */
                        storeId?: string;
                        tax?: string | number;
                        /**
                         * @default exclusive
                         * @enum {string}
                         */
                        taxMode?: "exclusive" | "inclusive" | "mixed";
                        /** @default false */
                        testMode?: boolean;
                        timeZone?: string;
                        totals?: {
                            charges?: string | number;
                            discount?: string | number;
                            gratuity?: string | number;
                            gross?: string | number;
                            net?: string | number;
                            rounding?: string | number;
                            tax?: string | number;
                            tip?: string | number;
                            total?: string | number;
                        };
                        version: {
                            vendorVersion: string | number;
                        };
                        voidBusinessDate?: string | null;
                        voidedAt?: string | null;
                        voidReason?: string | null;
                    } | {
                        /** @default default */
                        accountId?: string;
                        /** Format: date */
                        businessDate?: string;
                        /** @enum {string} */
                        businessDateFrom?: "vendor" | "derived";
                        /**
                         * @default other
                         * @enum {string}
                         */
                        channel?: "dine_in" | "takeout" | "delivery" | "drive_thru" | "catering" | "kiosk" | "online" | "other";
                        channelRaw?: string | null;
                        charges?: {
                            key: string;
                            /** @enum {string} */
                            kind: "service" | "gratuity" | "delivery" | "surcharge" | "donation" | "rounding" | "other";
                            lineKey?: string | null;
                            net: string | number;
                            tax?: string | number;
                        }[];
                        closedAt?: string | null;
                        currency: string;
                        guests?: number | null;
                        /**
                         * @default sale
                         * @enum {string}
                         */
                        kind?: "sale" | "return" | "exchange" | "non_revenue";
                        lines?: {
                            category?: string | null;
                            checkId?: string | null;
                            discount?: string | number;
                            gross: string | number;
                            itemId?: string | null;
                            key: string;
                            /** @enum {string} */
                            kind?: "item" | "gift_card" | "deposit" | "donation" | "fee" | "other";
                            name: string;
                            net?: string | number;
                            parentKey?: string | null;
                            qty?: string | number;
                            revenue?: boolean;
                            tax?: string | number;
                            voidBusinessDate?: string | null;
                            voidedAt?: string | null;
                        }[];
                        locationId?: string;
                        /** Format: date-time */
                        openedAt: string;
                        orderId: string;
                        paidAt?: string | null;
                        payments?: {
                            amount: string | number;
                            /** Format: date-time */
                            at?: string;
                            /** Format: date */
                            businessDate?: string;
                            key: string;
                            method: string;
                            /**
                             * @default done
                             * @enum {string}
                             */
                            status?: "pending" | "done" | "failed" | "voided";
                            tip?: string | number;
                        }[];
                        receiptNumber?: string | null;
                        refunds?: {
                            amount: string | number;
                            /** Format: date-time */
                            at: string;
                            /** Format: date */
                            businessDate?: string;
                            chargeKind?: ("service" | "gratuity" | "delivery" | "surcharge" | "donation" | "rounding" | "other") | null;
                            key: string;
                            lineKey?: string | null;
                            net?: string | number;
                            paymentKey?: string | null;
                            /**
                             * @default done
                             * @enum {string}
                             */
                            status?: "pending" | "done" | "failed";
                            tax?: string | number;
                            tip?: string | number;
                        }[];
                        registerId?: string | null;
                        relatedOrderId?: string | null;
                        /**
                         * @default push
                         * @enum {string}
                         */
                        source?: "toast" | "square" | "clover" | "lightspeed_k" | "lightspeed_x" | "revel" | "loyverse" | "shopify" | "push" | "file" | "simulator";
                        staffKey?: string | null;
                        /** @enum {string} */
                        status: "open" | "closed" | "voided" | "deleted";
                        /** Format: uuid */
                        storeId?: string;
                        tax?: string | number;
                        /**
                         * @default exclusive
                         * @enum {string}
                         */
                        taxMode?: "exclusive" | "inclusive" | "mixed";
                        /** @default false */
                        testMode?: boolean;
                        timeZone?: string;
                        totals?: {
                            charges?: string | number;
                            discount?: string | number;
                            gratuity?: string | number;
                            gross?: string | number;
                            net?: string | number;
                            rounding?: string | number;
                            tax?: string | number;
                            tip?: string | number;
                            total?: string | number;
                        };
                        version: {
                            vendorVersion: string | number;
                        };
                        voidBusinessDate?: string | null;
                        voidedAt?: string | null;
                        voidReason?: string | null;
                    }[] | {
                        orders: {
                            /** @default default */
                            accountId?: string;
                            /** Format: date */
                            businessDate?: string;
                            /** @enum {string} */
                            businessDateFrom?: "vendor" | "derived";
                            /**
                             * @default other
                             * @enum {string}
                             */
                            channel?: "dine_in" | "takeout" | "delivery" | "drive_thru" | "catering" | "kiosk" | "online" | "other";
                            channelRaw?: string | null;
                            charges?: {
                                key: string;
                                /** @enum {string} */
                                kind: "service" | "gratuity" | "delivery" | "surcharge" | "donation" | "rounding" | "other";
                                lineKey?: string | null;
                                net: string | number;
                                tax?: string | number;
                            }[];
                            closedAt?: string | null;
                            currency: string;
                            guests?: number | null;
                            /**
                             * @default sale
                             * @enum {string}
                             */
                            kind?: "sale" | "return" | "exchange" | "non_revenue";
                            lines?: {
                                category?: string | null;
                                checkId?: string | null;
                                discount?: string | number;
                                gross: string | number;
                                itemId?: string | null;
                                key: string;
                                /** @enum {string} */
                                kind?: "item" | "gift_card" | "deposit" | "donation" | "fee" | "other";
                                name: string;
                                net?: string | number;
                                parentKey?: string | null;
                                qty?: string | number;
                                revenue?: boolean;
                                tax?: string | number;
                                voidBusinessDate?: string | null;
                                voidedAt?: string | null;
                            }[];
                            locationId?: string;
                            /** Format: date-time */
                            openedAt: string;
                            orderId: string;
                            paidAt?: string | null;
                            payments?: {
                                amount: string | number;
                                /** Format: date-time */
                                at?: string;
                                /** Format: date */
                                businessDate?: string;
                                key: string;
                                method: string;
                                /**
                                 * @default done
                                 * @enum {string}
                                 */
                                status?: "pending" | "done" | "failed" | "voided";
                                tip?: string | number;
                            }[];
                            receiptNumber?: string | null;
                            refunds?: {
                                amount: string | number;
                                /** Format: date-time */
                                at: string;
                                /** Format: date */
                                businessDate?: string;
                                chargeKind?: ("service" | "gratuity" | "delivery" | "surcharge" | "donation" | "rounding" | "other") | null;
                                key: string;
                                lineKey?: string | null;
                                net?: string | number;
                                paymentKey?: string | null;
                                /**
                                 * @default done
                                 * @enum {string}
                                 */
                                status?: "pending" | "done" | "failed";
                                tax?: string | number;
                                tip?: string | number;
                            }[];
                            registerId?: string | null;
                            relatedOrderId?: string | null;
                            /**
                             * @default push
                             * @enum {string}
                             */
                            source?: "toast" | "square" | "clover" | "lightspeed_k" | "lightspeed_x" | "revel" | "loyverse" | "shopify" | "push" | "file" | "simulator";
                            staffKey?: string | null;
                            /** @enum {string} */
                            status: "open" | "closed" | "voided" | "deleted";
                            /** Format: uuid */
                            storeId?: string;
                            tax?: string | number;
                            /**
                             * @default exclusive
                             * @enum {string}
                             */
                            taxMode?: "exclusive" | "inclusive" | "mixed";
                            /** @default false */
                            testMode?: boolean;
                            timeZone?: string;
                            totals?: {
                                charges?: string | number;
                                discount?: string | number;
                                gratuity?: string | number;
                                gross?: string | number;
                                net?: string | number;
                                rounding?: string | number;
                                tax?: string | number;
                                tip?: string | number;
                                total?: string | number;
                            };
                            version: {
                                vendorVersion: string | number;
                            };
                            voidBusinessDate?: string | null;
                            voidedAt?: string | null;
                            voidReason?: string | null;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accepted: number;
                            duplicates: number;
                            orders: {
                                faults: {
                                    field: string;
                                    reason: string;
                                }[];
                                field: string | null;
                                index: number;
                                orderId: string | null;
                                reason: string | null;
                                /** @enum {string} */
                                result: "accepted" | "duplicate" | "parked" | "rejected";
                                statusUrl: string | null;
                                storeId: string | null;
                            }[];
                            parked: number;
                            rejected: number;
                        };
                    };
                };
                /** @description Every order was rejected. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            accepted: number;
                            code: string;
                            detail?: string;
                            duplicates: number;
                            faults?: {
                                field: string;
                                reason: string;
                            }[];
                            orders: {
                                faults: {
                                    field: string;
                                    reason: string;
                                }[];
                                field: string | null;
                                index: number;
                                orderId: string | null;
                                reason: string | null;
                                /** @enum {string} */
                                result: "accepted" | "duplicate" | "parked" | "rejected";
                                statusUrl: string | null;
                                storeId: string | null;
                            }[];
                            parked: number;
                            rejected: number;
                            requestId?: string;
                            status: number;
                            title: string;
                            type: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{source}/{account}/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of an order
         * @description Was an order counted, and in which windows? `counted` and `open` are in the numbers
         *     (`open` apart from sales); `not-counted` says why; `pending` is durable and not settled yet; `parked`
         *     waits for its store; `dead-lettered` was set aside with a reason. Amounts are net sales in minor units,
         *     composed as the tenant counts them.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Which of several orders of that number is meant, as the push's `statusUrl` says it. */
                    space?: string;
                };
                header?: never;
                path: {
                    account: string;
                    id: string;
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accountId: string;
                            countedAt: string | null;
                            orderId: string;
                            reason: string | null;
                            receivedAt: string | null;
                            source: string;
                            /** @enum {string} */
                            state: "counted" | "open" | "not-counted" | "pending" | "parked" | "dead-lettered";
                            storeId: string | null;
                            vendorVersion: string | null;
                            windows: {
                                /** Format: date */
                                businessDate: string;
                                /** @enum {string} */
                                channel: "dine_in" | "takeout" | "delivery" | "drive_thru" | "catering" | "kiosk" | "online" | "other";
                                currency: string;
                                /** Format: date-time */
                                end: string;
                                net: string;
                                /** Format: date-time */
                                start: string;
                            }[];
                        };
                    };
                };
                /** @description No such order. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            code: string;
                            detail?: string;
                            faults?: {
                                field: string;
                                reason: string;
                            }[];
                            requestId?: string;
                            status: number;
                            title: string;
                            type: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every store's business day so far against its forecast */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            parked: number;
                            serverTime: number;
                            stores: {
                                /** Format: date */
                                businessDate: string;
                                closedFrom: string | null;
                                closeoutMinute: number;
                                /** @enum {string} */
                                countedWhen: "paid" | "ordered";
                                country: string | null;
                                currency: string;
                                daysKnown: number;
                                expectedSoFar: {
                                    high: number;
                                    low: number;
                                    p10: number;
                                    p50: number;
                                    p90: number;
                                } | null;
                                feeds: {
                                    clockAheadMs?: number | null;
                                    feedKey: string;
                                    lastProofAt: number | null;
                                    since: number;
                                    source: string;
                                    /** @enum {string} */
                                    state: "live" | "late" | "unreachable" | "unknown" | "closed";
                                    watermark: number | null;
                                }[];
                                groups: string[];
                                landing: {
                                    high: number;
                                    low: number;
                                    p10: number;
                                    p50: number;
                                    p90: number;
                                } | null;
                                lastSalesDate: string | null;
                                lastWeekSoFar: string | null;
                                name: string;
                                net: string;
                                open: {
                                    amount: string;
                                    currency: string;
                                    orders: number;
                                }[];
                                orders: number;
                                otherCurrencies: {
                                    currency: string;
                                    net: string;
                                    orders: number;
                                }[];
                                storeId: string;
                                timeZone: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/parked-orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders that are kept and wait, with the reason */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            locations: {
                                accountId: string;
                                locationId: string;
                                /** Format: date-time */
                                oldestReceivedAt: string;
                                orders: number;
                                reason: string;
                                source: string;
                                storeId: string | null;
                            }[];
                            nextCursor: string | null;
                            orders: {
                                accountId: string;
                                locationId: string;
                                orderId: string;
                                reason: string;
                                /** Format: date-time */
                                receivedAt: string;
                                source: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/parked-orders/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Map a location to a store and count what is parked under it
         * @description The job is done when all of them are counted.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        accountId: string;
                        locationId: string;
                        /** @enum {string} */
                        source: "toast" | "square" | "clover" | "lightspeed_k" | "lightspeed_x" | "revel" | "loyverse" | "shopify" | "push" | "file" | "simulator";
                        /** Format: uuid */
                        storeId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            job: {
                                /** Format: date-time */
                                createdAt: string;
                                error: string | null;
                                finishedAt: string | null;
                                jobId: string;
                                kind: string;
                                message: string;
                                progress: number;
                                /** @enum {string} */
                                state: "queued" | "running" | "done" | "failed";
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with email and password */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done; there is nothing to say. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        /** Sign out */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done; there is nothing to say. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redeem a sign-in link
         * @description A link works once. With a password, that becomes the password from now on.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        password?: string;
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Done; there is nothing to say. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["Problem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Stores you may see */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            stores: {
                                /** Format: date */
                                businessDate: string;
                                closedFrom: string | null;
                                closeoutMinute: number;
                                /** @enum {string} */
                                countedWhen: "paid" | "ordered";
                                country: string | null;
                                currency: string;
                                groups: string[];
                                name: string;
                                storeId: string;
                                timeZone: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stores/{storeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One store */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    storeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            businessDate: string;
                            closedFrom: string | null;
                            closeoutMinute: number;
                            /** @enum {string} */
                            countedWhen: "paid" | "ordered";
                            country: string | null;
                            currency: string;
                            groups: string[];
                            name: string;
                            storeId: string;
                            timeZone: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Set a store's name, zone, closeout, groups, currency or end
         * @description Zone and closeout hold from a business date on, which must lie after the last one that
         *     counts anything: a change never cuts a counted day anew. The currency is set only while nothing is counted.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    storeId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        closedFrom?: string | null;
                        closeout?: {
                            from: string;
                            time: string;
                        };
                        currency?: string;
                        groups?: string[];
                        name?: string;
                        timeZone?: {
                            from: string;
                            zone: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            businessDate: string;
                            closedFrom: string | null;
                            closeoutMinute: number;
                            /** @enum {string} */
                            countedWhen: "paid" | "ordered";
                            country: string | null;
                            currency: string;
                            groups: string[];
                            name: string;
                            storeId: string;
                            timeZone: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        trace?: never;
    };
    "/v1/stores/{storeId}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ledger entries and orders of a window
         * @description The ledger entries behind a number, each with the order it comes from.
         *
         *     Choose by the instant at which entries count (`from` inclusive, `to` exclusive; read as in the sales
         *     query), by `businessDate`, or both; and by `channel` and `currency`. `total` is the sum of the whole
         *     selection and equals the sales of the same window. Of each entry and of any sum of entries,
         *     gross - discount - includedTax + charges - refund - void = net; tip, otherCharges, rounding that is not
         *     counted and tax stand beside it. `kind` tells a sale from what came later. Pages follow `nextCursor`. At most 31 days.
         */
        get: {
            parameters: {
                query?: {
                    businessDate?: string;
                    channel?: "dine_in" | "takeout" | "delivery" | "drive_thru" | "catering" | "kiosk" | "online" | "other";
                    currency?: string;
                    cursor?: string;
                    from?: string;
                    limit?: number;
                    to?: string;
                };
                header?: never;
                path: {
                    storeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: {
                                /** Format: date */
                                businessDate: string;
                                /** @enum {string} */
                                channel: "dine_in" | "takeout" | "delivery" | "drive_thru" | "catering" | "kiosk" | "online" | "other";
                                charges: string;
                                /** Format: date-time */
                                countedAt: string;
                                currency: string;
                                discount: string;
                                entryId: string;
                                gross: string;
                                includedTax: string;
                                /** @enum {string} */
                                kind: "sale" | "correction" | "refund" | "void" | "return";
                                net: string;
                                order: {
                                    accountId: string;
                                    charges: {
                                        /** @enum {string} */
                                        kind: "service" | "gratuity" | "delivery" | "surcharge" | "donation" | "rounding" | "other";
                                        net: string;
                                        tax: string;
                                    }[];
                                    /** @enum {string} */
                                    kind: "sale" | "return" | "exchange" | "non_revenue";
                                    lines: {
                                        discount: string;
                                        gross: string;
                                        name: string;
                                        net: string;
                                        quantity: string;
                                        revenue: boolean;
                                        tax: string;
                                        voided: boolean;
                                    }[];
                                    orderId: string;
                                    receiptNumber: string | null;
                                    /** @enum {string} */
                                    source: "toast" | "square" | "clover" | "lightspeed_k" | "lightspeed_x" | "revel" | "loyverse" | "shopify" | "push" | "file" | "simulator";
                                    /** @enum {string} */
                                    status: "open" | "closed" | "voided" | "deleted";
                                    tax: string | null;
                                };
                                orders: number;
                                otherCharges: string;
                                /** Format: date-time */
                                recordedAt: string;
                                refund: string;
                                rounding: string;
                                tax: string;
                                tip: string;
                                unreconciled: string;
                                void: string;
                            }[];
                            nextCursor: string | null;
                            storeId: string;
                            total: {
                                charges: string;
                                discount: string;
                                entries: number;
                                gross: string;
                                includedTax: string;
                                net: string;
                                orders: number;
                                otherCharges: string;
                                refund: string;
                                rounding: string;
                                tax: string;
                                tip: string;
                                unreconciled: string;
                                void: string;
                            };
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stores/{storeId}/forecasts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Forecasts of a store
         * @description Forecasts of net sales whose steps reach into the range, with one value per quantile
         *     for each step, in minor units of the store's currency. Of quarter hours, the newest for each business date; of hours
         *     and days, the newest. Without a range: today (`15m`), the next 14 days (`hour`), the next 56 (`day`).
         */
        get: {
            parameters: {
                query?: {
                    from?: string;
                    grain?: "15m" | "hour" | "day";
                    to?: string;
                };
                header?: never;
                path: {
                    storeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            forecasts: {
                                businessDate: string | null;
                                cutoff: number;
                                /** @enum {string} */
                                grain: "15m" | "hour" | "day";
                                issuedAt: number;
                                landing: number[] | null;
                                modelName: string;
                                quantiles: number[];
                                starts: number[];
                                values: number[][];
                            }[];
                            storeId: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stores/{storeId}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Items sold on a business date
         * @description The item with the highest net sales first. Without a date: the present one.
         */
        get: {
            parameters: {
                query?: {
                    businessDate?: string;
                };
                header?: never;
                path: {
                    storeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            businessDate: string;
                            items: {
                                currency: string;
                                gross: string;
                                itemKey: string;
                                net: string;
                                quantity: string;
                            }[];
                            storeId: string;
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stores/{storeId}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A store's business day, with the versions to follow it live from
         * @description Without a date: the present one, so far.
         */
        get: {
            parameters: {
                query?: {
                    date?: string;
                };
                header?: never;
                path: {
                    storeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            businessDate: string;
                            currency: string;
                            cursor: {
                                alerts: number;
                                epoch: number;
                                feeds: number;
                                forecast: number;
                                windows: number;
                            };
                            dayEnd: number;
                            daysKnown: number;
                            dayStart: number;
                            feeds: {
                                clockAheadMs?: number | null;
                                feedKey: string;
                                lastProofAt: number | null;
                                since: number;
                                source: string;
                                /** @enum {string} */
                                state: "live" | "late" | "unreachable" | "unknown" | "closed";
                                watermark: number | null;
                            }[];
                            forecast: {
                                businessDate: string | null;
                                cutoff: number;
                                /** @enum {string} */
                                grain: "15m" | "hour" | "day";
                                issuedAt: number;
                                landing: number[] | null;
                                modelName: string;
                                quantiles: number[];
                                starts: number[];
                                values: number[][];
                            } | null;
                            forecastReason: string | null;
                            isToday: boolean;
                            lastSalesDate: string | null;
                            lastWeek: {
                                net: string;
                                start: number;
                            }[];
                            name: string;
                            open: {
                                amount: string;
                                currency: string;
                                orders: number;
                            }[];
                            serverTime: number;
                            storeId: string;
                            timeZone: string;
                            today: string;
                            windows: {
                                businessDate: string;
                                /** @enum {string} */
                                channel: "dine_in" | "takeout" | "delivery" | "drive_thru" | "catering" | "kiosk" | "online" | "other";
                                currency: string;
                                discount: string;
                                gross: string;
                                guests: number;
                                net: string;
                                orders: number;
                                refund: string;
                                start: number;
                                tax: string;
                                tip: string;
                                void: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stores/{storeId}/sales": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales by window
         * @description Sales of a store in windows of one grain.
         *
         *     `from` is inclusive, `to` exclusive: business dates (YYYY-MM-DD) for `business-day`, else instants with
         *     an offset, or dates and times without one by the store's clock. A window belongs to the range in which it
         *     starts and is always whole. `hour` are hours of the store's clock, `day` its calendar days (23 to 25
         *     hours long), `business-day` its trading days, which turn at the closeout. One row for each window and
         *     currency (and channel with `by=channel`); windows without sales are left out. `businessDate` is null
         *     where a window's sales belong to several.
         *
         *     `net` is after discounts plus the charges that the tenant counts, minus refunds and voids, without tax.
         *     Most days in one request: 62 for `15m`, 400 for `hour`, 4,000 for `day` and `business-day`.
         */
        get: {
            parameters: {
                query: {
                    by?: "channel";
                    from: string;
                    grain?: "15m" | "hour" | "day" | "business-day";
                    to: string;
                };
                header?: never;
                path: {
                    storeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            currency: string;
                            cursor: {
                                epoch: number;
                                windows: number;
                            };
                            /** Format: date-time */
                            from: string;
                            /** @enum {string} */
                            grain: "15m" | "hour" | "day" | "business-day";
                            storeId: string;
                            timeZone: string;
                            /** Format: date-time */
                            to: string;
                            windows: {
                                businessDate: string | null;
                                /** @enum {string} */
                                channel?: "dine_in" | "takeout" | "delivery" | "drive_thru" | "catering" | "kiosk" | "online" | "other";
                                charges: string;
                                currency: string;
                                discount: string;
                                /** Format: date-time */
                                end: string;
                                gratuity: string;
                                gross: string;
                                guests: number;
                                items: string;
                                net: string;
                                orders: number;
                                refunds: string;
                                /** Format: date-time */
                                start: string;
                                tax: string;
                                tips: string;
                                unreconciled: string;
                                voids: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stores/{storeId}/tenders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tenders by business date
         * @description Money taken and given back by each tender, for the tie with the till's close-out.
         *
         *     `from` is inclusive, `to` exclusive, both business dates. A payment belongs to the business date on
         *     which it was made, so that an order paid a day later is in the tenders of that day. `amount` is without
         *     tips; `refunded` is positive and has the tips that were given back. One row for each business date,
         *     method and currency. At most 4,000 days.
         */
        get: {
            parameters: {
                query: {
                    from: string;
                    to: string;
                };
                header?: never;
                path: {
                    storeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tenders: {
                                amount: string;
                                /** Format: date */
                                businessDate: string;
                                currency: string;
                                method: string;
                                refunded: string;
                                tip: string;
                            }[];
                        };
                    };
                };
                default: components["responses"]["Problem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            code: string;
            detail?: string;
            faults?: {
                field: string;
                reason: string;
            }[];
            requestId?: string;
            status: number;
            title: string;
            type: string;
        };
    };
    responses: {
        /** @description What went wrong. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
