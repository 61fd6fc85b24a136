package blackhole.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.api.registry.DirectoryCopy;
import blackhole.api.rpc.HostCallers;
import blackhole.control.v1.HostCaller;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of this node as the orchestrator last told them. All hosts are told of a new one when
 * its process is started, and who is slow to hear of it may be called by it before that.
 */
final class KnownCallers implements HostCallers {
  /**
   * How long a caller that is not known may wait for the orchestrator's word of it. Hosts are told
   * within milliseconds, but one that starts, or is short of processor time, listens late.
   */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** As many as wait at once: whoever makes secrets up gets no more memory than this. */
  static final int MAX_WAITING = 1_000;

  private record Waiting(String callToken, CompletableFuture<Optional<String>> answer) {}

  private record Known(String name, byte[] digest) {}

  /**
   * One list, and what was verified against it: a secret is digested at its first call, not at
   * each.
   *
   * @param verified names by secret; only valid ones, so no more than there are hosts
   */
  private record Callers(List<Known> known, Map<String, String> verified) {}

  /** Null where nobody tells of any. */
  private final DirectoryCopy.@Nullable Timer timer;

  private final Executor executor;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

  private volatile Callers callers = new Callers(List.of(), Map.of());

  private KnownCallers(DirectoryCopy.@Nullable Timer timer, Executor executor) {
    this.timer = timer;
    this.executor = executor;
  }

  /**
   * Those of a host that an orchestrator tells of the others.
   *
   * @param executor for what hangs on late answers
   */
  static KnownCallers told(DirectoryCopy.Timer timer, Executor executor) {
    return new KnownCallers(timer, executor);
  }

  /** Those of a host without an orchestrator: nobody. */
  static KnownCallers untold() {
    return new KnownCallers(null, Runnable::run);
  }

  void replace(blackhole.control.v1.HostCallers told) {
    callers =
        new Callers(
            told.getCallersList().stream().map(KnownCallers::known).toList(),
            new ConcurrentHashMap<>());
    waiting.forEach(this::look);
  }

  @Override
  public CompletionStage<Optional<String>> verifyLater(String callToken) {
    if (timer == null || waiting.size() >= MAX_WAITING) {
      return CompletableFuture.completedFuture(verify(callToken));
    }
    Waiting one = new Waiting(callToken, new CompletableFuture<>());
    waiting.add(one);
    Runnable cancel = timer.schedule(PATIENCE, () -> answer(one, Optional.empty()));
    // news that came just before has not found it
    look(one);
    return one.answer().whenComplete((name, problem) -> cancel.run());
  }

  private void look(Waiting one) {
    Optional<String> name = verify(one.callToken());
    if (name.isPresent()) {
      answer(one, name);
    }
  }

  private void answer(Waiting one, Optional<String> name) {
    if (waiting.remove(one)) {
      executor.execute(() -> one.answer().complete(name));
    }
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
