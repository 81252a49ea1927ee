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
export { accountSweeps } from "./account-sweeps.ts";
export {
  changeFeed,
  claimParkedOrders,
  type FeedChange,
  reappendJobKind,
} from "./feeds/change-feed.ts";
export { feedNameText, parseFeedName, type VendorFeedName } from "./feeds/feed-name.ts";
export { type FeedFacts, findFeed, listFeeds } from "./feeds/list-feeds.ts";
export { countReleased, listParkedLocations, listParkedOrders } from "./feeds/parked-orders.ts";
export { createApiKey, revokeApiKey } from "./keys/api-keys.ts";
export { hashPassword, verifyPassword } from "./people/passwords.ts";
export { createSession, endSession, sessionCookieName } from "./people/sessions.ts";
export { hashToken, makeToken } from "./people/tokens.ts";
export { changeStore, type StoreChange } from "./stores/change-store.ts";
