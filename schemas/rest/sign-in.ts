import { z } from "zod";

/** Signs in with a password. */
export const SignIn = z.strictObject({
  email: z.string().max(320),
  password: z.string().max(1_000),
});
/** Redeems a sign-in link; sets the password where one is given. */
export const RedeemLink = z.strictObject({
  token: z.string().max(200),
  password: z.string().min(12).max(1_000).optional(),
});
