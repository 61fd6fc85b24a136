package blackhole.identity.token;

import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import blackhole.identity.key.SigningKey;
import blackhole.identity.key.SigningKeys;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Issues and validates access tokens. A token's header is compared, character for character, with
 * the headers that our own keys give (algorithm and key id are in them), so nothing that is not
 * signed by one of them is ever parsed. Thread-safe.
 */
public final class Tokens {
  private final SigningKeys keys;
  private final Clock clock;
  private final Duration lifetime;

  /**
   * @param lifetime of a token, in whole seconds
   */
  public Tokens(SigningKeys keys, Clock clock, Duration lifetime) {
    this.keys = keys;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  public AccessToken issue(Principal principal) {
    SigningKey key = keys.current();
    Instant issuedAt = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    Instant expiresAt = issuedAt.plus(lifetime);
    JsonObject claims = new JsonObject();
    claims.addProperty("iss", key.issuer());
    claims.addProperty("sub", principal.userId());
    claims.addProperty("did", principal.did());
    claims.addProperty("role", principal.role());
    claims.addProperty("iat", issuedAt.getEpochSecond());
    claims.addProperty("exp", expiresAt.getEpochSecond());
    claims.addProperty("jti", UUID.randomUUID().toString());
    String input = CompactJws.signingInput(key.jwsHeader(), claims.toString());
    byte[] signature = key.sign(CompactJws.ascii(input));
    return new AccessToken(CompactJws.compact(input, signature), expiresAt);
  }

  /**
   * @throws IdentityException {@link Reason#INVALID_TOKEN}
   */
  public Principal validate(String text) {
    CompactJws jws = CompactJws.parse(text).orElseThrow(() -> invalid("it is not a compact JWS"));
    SigningKey key =
        keys.findByHeader(jws.header())
            .orElseThrow(() -> invalid("it is not signed by a key of this node"));
    if (!key.verify(jws.signingInput(), jws.signature())) {
      throw invalid("its signature is wrong");
    }
    JsonObject claims =
        JsonParser.parseString(new String(jws.payload(), StandardCharsets.UTF_8)).getAsJsonObject();
    if (!claim(claims, "iss").getAsString().equals(key.issuer())) {
      throw invalid("its issuer is not the owner of its key");
    }
    if (clock.instant().getEpochSecond() >= claim(claims, "exp").getAsLong()) {
      throw invalid("it has expired");
    }
    return new Principal(
        claim(claims, "sub").getAsString(),
        claim(claims, "did").getAsString(),
        claim(claims, "role").getAsString());
  }

  private static JsonElement claim(JsonObject claims, String name) {
    JsonElement claim = claims.get(name);
    if (claim == null) {
      throw invalid("it has no claim '" + name + "'");
    }
    return claim;
  }

  private static IdentityException invalid(String why) {
    return new IdentityException(Reason.INVALID_TOKEN, "the token is not valid: " + why);
  }
}
