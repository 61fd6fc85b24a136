package blackhole.host;

import blackhole.api.observe.Step;
import blackhole.api.rpc.HandlerSwitch;
import blackhole.control.v1.Method;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;

/**
 * Has another version of the service's bundle take the place of the one that serves. Where the
 * service's data allows it, the new one is up before the old one goes, and no call waits; else
 * calls are held while the old one stops and the new one starts. Whatever goes wrong, the old one
 * serves.
 *
 * <p>Blocks; used by one thread at a time.
 */
final class BundleSwap {
  /** How long what runs now may still take, and what is to come. */
  record Terms(boolean allowRemoved, Duration timeout, Duration drain) {}

  /**
   * What came of it.
   *
   * @param held how long new calls had to wait
   * @param ended calls of the old version that were ended
   */
  record Swapped(MethodTable table, Duration held, int ended) {}

  private static final Logger LOG = System.getLogger(BundleSwap.class.getName());

  /** Who reads a stream can take it up again from the new version. */
  private static final Duration STREAMS = Duration.ofSeconds(2);

  /** Where calls are held after that: who takes a stream up again waits for the new version. */
  private static final Duration STREAMS_BEFORE_HOLD = Duration.ofMillis(100);

  /** While calls are held, who waits waits for the slowest of those in flight. */
  private static final Duration DRAIN_WHILE_HELD = Duration.ofSeconds(5);

  private static final long RECHECK_MILLIS = 2;

  private final ServiceBundles bundles;
  private final HandlerSwitch handlers;
  private final BundleStart starts;
  private final SwapRehearsal rehearsal;

  BundleSwap(ServiceBundles bundles, HandlerSwitch handlers) {
    this.bundles = bundles;
    this.handlers = handlers;
    this.starts = new BundleStart(bundles);
    this.rehearsal = new SwapRehearsal(bundles, handlers, starts);
  }

  /**
   * @param before what is served now
   * @throws StartException why the old version serves on, in words
   * @throws NotServingException when it does not either
   */
  Swapped run(Path jar, Terms terms, MethodTable before, Consumer<String> progress, Step trace)
      throws StartException, InterruptedException {
    try {
      return swap(jar, terms, before, progress, trace);
    } catch (StartException | RuntimeException | LinkageError | InterruptedException e) {
      trace.fail(why(e));
      throw e;
    }
  }

  private Swapped swap(
      Path jar, Terms terms, MethodTable before, Consumer<String> progress, Step trace)
      throws StartException, InterruptedException {
    Bundle old = Objects.requireNonNull(bundles.own(), "a service that is READY has a bundle");
    Bundle fresh;
    try (Step install = trace.step("install")) {
      fresh = bundles.install(jar);
      if (fresh.equals(old)) {
        return new Swapped(before, Duration.ZERO, 0);
      }
      resolve(fresh, install);
    }
    try {
      return ServiceBundles.isForOneWriter(old) || ServiceBundles.isForOneWriter(fresh)
          ? inTurn(old, fresh, terms, before, progress, trace)
          : beside(old, fresh, terms, before, progress, trace);
    } catch (StartException | RuntimeException | LinkageError | InterruptedException e) {
      discard(fresh);
      throw e;
    }
  }

  /** Our own say it in words; of others the kind says more. */
  private static String why(Throwable problem) {
    return problem instanceof StartException || problem instanceof NotServingException
        ? String.valueOf(problem.getMessage())
        : FailureText.of(problem);
  }

  private void resolve(Bundle fresh, Step install) throws StartException {
    try {
      bundles.check(fresh);
      bundles.resolve(fresh);
    } catch (StartException | RuntimeException | LinkageError e) {
      install.fail(why(e));
      discard(fresh);
      throw e;
    }
  }

  private Swapped beside(
      Bundle old,
      Bundle fresh,
      Terms terms,
      MethodTable before,
      Consumer<String> progress,
      Step trace)
      throws StartException, InterruptedException {
    progress.accept("starts " + fresh.getVersion() + " beside " + old.getVersion());
    MethodTable table = bringUp(fresh, terms, before, trace);
    switchTo(old, fresh);
    progress.accept(
        fresh.getVersion() + " serves; " + old.getVersion() + " finishes the calls that it has");
    int ended;
    try (Step unused = trace.step("drain")) {
      ended = handlers.drain(old.getBundleId(), STREAMS, terms.drain());
    }
    discard(old);
    return new Swapped(table, Duration.ZERO, ended);
  }

  private Swapped inTurn(
      Bundle old,
      Bundle fresh,
      Terms terms,
      MethodTable before,
      Consumer<String> progress,
      Step trace)
      throws StartException, InterruptedException {
    Duration drain =
        terms.drain().compareTo(DRAIN_WHILE_HELD) < 0 ? terms.drain() : DRAIN_WHILE_HELD;
    try (Step unused = trace.step("load")) {
      bundles.load(fresh);
      rehearsal.run();
    }
    MethodTable table;
    int ended;
    Duration held;
    try {
      try (Step unused = trace.step("end streams")) {
        ended = handlers.endStreams(old.getBundleId(), STREAMS_BEFORE_HOLD);
      }
      // all that is to be told is told before, as whoever calls waits from here on
      progress.accept(
          "holds calls; "
              + old.getVersion()
              + " finishes those that it has, and stops; "
              + fresh.getVersion()
              + " starts");
      long began = System.nanoTime();
      // until the new version serves, or it is clear that it will not
      try (Step hold = trace.step("hold calls")) {
        handlers.hold(old.getBundleId());
        try (Step unused = hold.step("drain")) {
          // the streams that are left belong to calls in flight, and end with them
          ended += handlers.drain(old.getBundleId(), drain, drain);
        }
        try (Step unused = hold.step("stop")) {
          bundles.stop(old);
        }
        table = bringUp(fresh, terms, before, hold);
        switchTo(old, fresh);
        held = Duration.ofNanos(System.nanoTime() - began);
      }
    } catch (StartException | RuntimeException | LinkageError | InterruptedException e) {
      discard(fresh);
      progress.accept("goes back to " + old.getVersion());
      comeBack(old, terms, e);
      throw e;
    }
    discard(old);
    return new Swapped(table, held, ended);
  }

  private void switchTo(Bundle old, Bundle fresh) {
    handlers.serve(old.getBundleId(), fresh.getBundleId());
    bundles.replace(fresh);
  }

  /** Starts it, and waits until all that it offers is there, and known to the endpoint. */
  private MethodTable bringUp(Bundle fresh, Terms terms, MethodTable before, Step trace)
      throws StartException, InterruptedException {
    try (Step start = trace.step("start")) {
      try {
        return bringUp(fresh, terms, before);
      } catch (StartException | RuntimeException | LinkageError | InterruptedException e) {
        start.fail(why(e));
        throw e;
      }
    }
  }

  private MethodTable bringUp(Bundle fresh, Terms terms, MethodTable before)
      throws StartException, InterruptedException {
    handlers.keepBack(fresh.getBundleId());
    long end = System.nanoTime() + terms.timeout().toNanos();
    MethodTable table = MethodTable.of(starts.run(fresh, terms.timeout()));
    if (!terms.allowRemoved()) {
      checkNothingIsMissing(before, table);
    }
    awaitRegistered(fresh, Set.copyOf(table.services()), end);
    return table;
  }

  private static void checkNothingIsMissing(MethodTable before, MethodTable after)
      throws StartException {
    Set<String> served = after.methods().stream().map(Method::getName).collect(Collectors.toSet());
    List<String> missing =
        before.methods().stream()
            .map(Method::getName)
            .filter(name -> !served.contains(name))
            .toList();
    if (!missing.isEmpty()) {
      throw new StartException(
          "it lacks "
              + String.join(", ", missing)
              + ", which callers may use; --allow-removed takes it all the same",
          null);
    }
  }

  private void awaitRegistered(Bundle bundle, Set<String> services, long endNanos)
      throws StartException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!handlers.keptBack(bundle.getBundleId()).containsAll(services)) {
      if (System.nanoTime() - endNanos > 0) {
        throw new StartException(
            "the endpoint did not hear of " + String.join(", ", services) + " in time", null);
      }
      boolean unused = never.await(RECHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void comeBack(Bundle old, Terms terms, Throwable why) throws InterruptedException {
    try {
      Set<String> services =
          Set.copyOf(MethodTable.of(starts.run(old, terms.timeout())).services());
      handlers.keepBack(old.getBundleId());
      awaitRegistered(old, services, System.nanoTime() + terms.timeout().toNanos());
      handlers.restore(old.getBundleId());
    } catch (StartException e) {
      throw new NotServingException(
          why.getMessage() + "; and " + old.getVersion() + " did not come back: " + e.getMessage(),
          e);
    }
  }

  /** Takes a bundle out, with its classes; the calls that it had have ended. */
  private void discard(Bundle bundle) {
    // on another thread: it may hang as it stops, and nobody needs to wait for it
    try {
      CompletableFuture.runAsync(() -> bundles.uninstall(bundle), bundles.executor())
          .thenRun(() -> handlers.forget(bundle.getBundleId()))
          .get(DRAIN_WHILE_HELD.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(
          Level.WARNING,
          "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " did not go cleanly",
          e);
    }
  }

  /** Neither the new version serves nor the old one. */
  static final class NotServingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotServingException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
