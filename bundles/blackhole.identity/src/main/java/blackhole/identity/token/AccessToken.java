package blackhole.identity.token;

import java.time.Instant;

/**
 * A token as handed to a user.
 *
 * @param text a compact JWS
 * @param expiresAt in whole seconds
 */
public record AccessToken(String text, Instant expiresAt) {}
