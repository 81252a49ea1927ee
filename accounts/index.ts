export { actorOf, type Origin, strangerFrom } from "./access/actor-of.ts";
export { type Authenticate, type Credentials, makeAuthenticate } from "./access/authenticate.ts";
export { limitFailedCredentials } from "./access/failed-credentials.ts";
export { makeHttpAccess, principalOf } from "./access/http-access.ts";
export { allows } from "./access/policy.ts";
export {
  type ApiKeyScope,
  apiKeyScopes,
  type Principal,
  type Role,
  roles,
} from "./access/principal.ts";
export { type AccessWatch, watchAccess } from "./access/watch-access.ts";
export { accountSweeps } from "./account-sweeps.ts";
export { type AuditEvent, type AuditFilter, listAudit } from "./audit/list-audit.ts";
export {
  changeFeed,
  claimParkedOrders,
  type FeedChange,
  reappendJobKind,
} from "./feeds/change-feed.ts";
export { feedNameText, parseFeedName, type VendorFeedName } from "./feeds/feed-name.ts";
export { type FeedFacts, findFeed, listFeeds } from "./feeds/list-feeds.ts";
export { countReleased, listParkedLocations, listParkedOrders } from "./feeds/parked-orders.ts";
export { tenantOfFeed } from "./feeds/tenant-of-feed.ts";
export { createApiKey } from "./keys/api-keys.ts";
export { listKeys, makeKey, revokeKey, rotateKey } from "./keys/manage-keys.ts";
export {
  changePerson,
  inviteAgain,
  type PersonChange,
  removePerson,
  setPersonDisabled,
} from "./people/change-person.ts";
export { createPerson } from "./people/create-person.ts";
export { browserCookieName, browserLifeMs } from "./people/known-browser.ts";
export { findPersonId, listPeople } from "./people/list-people.ts";
export { endSessions, listSessions } from "./people/manage-sessions.ts";
export { hashPassword } from "./people/passwords.ts";
export { createSession, sessionCookieName } from "./people/sessions.ts";
export {
  type SessionTerms,
  type SignedIn,
  signIn,
  signInByLink,
  signOut,
} from "./people/sign-in.ts";
export { firstOwnerLink } from "./people/sign-in-links.ts";
export { hashToken, makeToken } from "./people/tokens.ts";
export { changeStore, type StoreChange } from "./stores/change-store.ts";
export { createStore, setStoreArchived } from "./stores/create-store.ts";
export { listStores, tenantOfStore } from "./stores/list-stores.ts";
export { createTenant, renameTenant, setTenantDisabled } from "./tenants/change-tenant.ts";
export { listTenants, requireTenant } from "./tenants/list-tenants.ts";
