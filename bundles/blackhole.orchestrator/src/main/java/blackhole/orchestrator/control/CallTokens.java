package blackhole.orchestrator.control;

import static java.nio.charset.StandardCharsets.US_ASCII;

import blackhole.control.v1.HostCaller;
import blackhole.control.v1.HostCallers;
import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the hosts of this node show each other when they call: each gets a secret, and all get the
 * digests of all. A secret is made when its host is started, long before it can call anybody, so
 * that the others know it by then. Thread-safe.
 */
public final class CallTokens {
  private static final int TOKEN_BYTES = 32;

  private record Issued(String name, String token) {}

  /** What all hosts are told, counted up with each change. */
  record Digests(long version, HostCallers callers) {}

  private final SecureRandom random = new SecureRandom();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

  /** By host id; guarded by itself. */
  private final Map<String, Issued> issued = new TreeMap<>();

  private volatile Digests digests = new Digests(0, HostCallers.getDefaultInstance());

  /**
   * Makes a secret for a host.
   *
   * @param name by which others are to know it: {@code storage-1}
   */
  public String issue(String hostId, String name) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    accept(hostId, name, token);
    return token;
  }

  /** Goes on with a secret that an earlier orchestrator made: others know it already. */
  public void accept(String hostId, String name, String token) {
    synchronized (issued) {
      issued.put(hostId, new Issued(name, token));
      digest();
    }
    watchers.forEach(Runnable::run);
  }

  /** From now on nobody is this host. */
  public void revoke(String hostId) {
    synchronized (issued) {
      if (issued.remove(hostId) == null) {
        return;
      }
      digest();
    }
    watchers.forEach(Runnable::run);
  }

  /** The secret of a host; empty for one that was given none. */
  Optional<String> token(String hostId) {
    synchronized (issued) {
      @Nullable Issued found = issued.get(hostId);
      return Optional.ofNullable(found).map(Issued::token);
    }
  }

  Digests digests() {
    return digests;
  }

  /** Calls back, on whatever thread, after each change of the digests; must not block. */
  AutoCloseable watch(Runnable watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  private void digest() {
    HostCallers.Builder callers = HostCallers.newBuilder();
    issued
        .values()
        .forEach(
            one ->
                callers.addCallers(
                    HostCaller.newBuilder()
                        .setName(one.name())
                        .setCallTokenSha256(sha256(one.token()))));
    digests = new Digests(digests.version() + 1, callers.build());
  }

  private static ByteString sha256(String token) {
    try {
      return ByteString.copyFrom(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
