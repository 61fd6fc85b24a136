package blackhole.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.api.rpc.HostCallers;
import blackhole.control.v1.HostCaller;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The hosts of this node as the orchestrator last told them. */
final class KnownCallers implements HostCallers {
  private record Known(String name, byte[] digest) {}

  /**
   * One list, and what was verified against it: a secret is digested at its first call, not at
   * each.
   *
   * @param verified names by secret; only valid ones, so no more than there are hosts
   */
  private record Callers(List<Known> known, Map<String, String> verified) {}

  private volatile Callers callers = new Callers(List.of(), Map.of());

  void replace(blackhole.control.v1.HostCallers told) {
    callers =
        new Callers(
            told.getCallersList().stream().map(KnownCallers::known).toList(),
            new ConcurrentHashMap<>());
  }

  private static Known known(HostCaller caller) {
    return new Known(caller.getName(), caller.getCallTokenSha256().toByteArray());
  }

  @Override
  public Optional<String> verify(String callToken) {
    Callers present = callers;
    @Nullable String name = present.verified().get(callToken);
    if (name != null) {
      return Optional.of(name);
    }
    if (present.known().isEmpty()) {
      // nobody's: not worth a digest with each call
      return Optional.empty();
    }
    Optional<String> found = search(present.known(), sha256(callToken));
    found.ifPresent(host -> present.verified().put(callToken, host));
    return found;
  }

  /** Looks at all of them, whichever it is. */
  private static Optional<String> search(List<Known> known, byte[] digest) {
    @Nullable String found = null;
    for (Known one : known) {
      if (MessageDigest.isEqual(one.digest(), digest)) {
        found = one.name();
      }
    }
    return Optional.ofNullable(found);
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
