package blackhole.endpoint.access;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;

/** Reads when a compact JWS expires. It checks nothing: that is identity's part. */
final class TokenExpiry {
  private TokenExpiry() {}

  /** In Unix seconds; empty for a token that does not say, or is no JWS at all. */
  static OptionalLong of(String token) {
    int start = token.indexOf('.') + 1;
    int end = token.indexOf('.', start);
    if (start == 0 || end < 0) {
      return OptionalLong.empty();
    }
    try {
      byte[] payload = Base64.getUrlDecoder().decode(token.substring(start, end));
      JsonElement claims = JsonParser.parseString(new String(payload, StandardCharsets.UTF_8));
      JsonElement expiry = claims.getAsJsonObject().get("exp");
      return expiry == null ? OptionalLong.empty() : OptionalLong.of(expiry.getAsLong());
    } catch (RuntimeException e) {
      // Base64, Gson and numbers each have their own; none means more than: not readable
      return OptionalLong.empty();
    }
  }
}
