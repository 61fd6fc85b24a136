package blackhole.orchestrator.control;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The tokens by which hosts prove that this node started them. Thread-safe. */
public final class HostCredentials {
  private static final int TOKEN_BYTES = 32;

  /** Compared with when a host is not known, so that its answer takes the same time. */
  private static final byte[] NO_TOKEN = new byte[0];

  private final SecureRandom random = new SecureRandom();
  private final Map<String, byte[]> tokens = new ConcurrentHashMap<>();

  /** Makes and remembers a token for a host about to start: its {@code BLACKHOLE_TOKEN}. */
  public String issue(String hostId) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    accept(hostId, token);
    return token;
  }

  /** Remembers a token that was issued before this orchestrator started. */
  public void accept(String hostId, String token) {
    if (token.isEmpty()) {
      throw new IllegalArgumentException("the token of host " + hostId + " is empty");
    }
    tokens.put(hostId, token.getBytes(US_ASCII));
  }

  /** From now on this host is refused; a stream that it has open stays. */
  public void revoke(String hostId) {
    tokens.remove(hostId);
  }

  /** Whether this is the host's token; takes as long for a wrong one as for the right one. */
  boolean verify(String hostId, String token) {
    byte[] expected = tokens.getOrDefault(hostId, NO_TOKEN);
    return MessageDigest.isEqual(expected, token.getBytes(UTF_8)) && expected.length > 0;
  }
}
