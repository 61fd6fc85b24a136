package blackhole.itest.framework;

import blackhole.api.host.Assignment;
import blackhole.api.host.Lifecycle;
import blackhole.api.rpc.SocketChannels;
import blackhole.testkit.Await;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * A host's agent at work in this framework, without a JVM of its own: it is given what otherwise
 * the boot code gives it, an assignment and a life to end.
 */
final class RunningHost implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The jars of an assignment; those that do not exist yet are made in this directory. */
  @FunctionalInterface
  interface Jars {
    List<Path> in(Path directory) throws Exception;
  }

  /** Signals in, exit code out, as in a real host, but that the JVM stays. */
  private static final class RecordedLife implements Lifecycle {
    final CompletableFuture<Runnable> handler = new CompletableFuture<>();
    final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    @Override
    public void onTerminate(Runnable given) {
      handler.complete(given);
    }

    @Override
    public void exit(int code) {
      exitCode.complete(code);
    }

    @Override
    public void halt(String reason) {
      exitCode.completeExceptionally(new IllegalStateException(reason));
    }
  }

  private final BundleContext context;
  private final Path directory;
  private final Path link;
  private final RecordedLife life = new RecordedLife();
  private final ServiceRegistration<?> registeredLife;
  private final ServiceRegistration<?> registeredAssignment;
  private final ServiceReference<SocketChannels> channels;
  private final ManagedChannel channel;

  /** One that runs alone. */
  RunningHost(
      BundleContext context,
      String service,
      String symbolicName,
      Jars bundles,
      Map<String, Object> custom)
      throws Exception {
    this(context, service, symbolicName, bundles, custom, false);
  }

  /**
   * @param controlled whether it looks for its orchestrator, at its own socket: {@link HostOrders}
   */
  RunningHost(
      BundleContext context,
      String service,
      String symbolicName,
      Jars bundles,
      Map<String, Object> custom,
      boolean controlled)
      throws Exception {
    this.context = context;
    // short, because a socket's path must fit into 107 bytes
    directory = Files.createTempDirectory("bh-");
    link = directory.resolve(service + "-1.sock");
    registeredLife = context.registerService(Lifecycle.class, life, null);
    registeredAssignment =
        context.registerService(
            Assignment.class,
            assignment(service, symbolicName, bundles.in(directory), custom, controlled),
            null);
    channels = context.getServiceReference(SocketChannels.class);
    channel = context.getService(channels).open(link);
  }

  private Assignment assignment(
      String service,
      String symbolicName,
      List<Path> bundles,
      Map<String, Object> custom,
      boolean controlled)
      throws IOException {
    Path socket = directory.resolve(service + "-1.1.sock");
    return new Assignment(
        "h1",
        directory,
        "node-a",
        service,
        1,
        socket,
        link,
        OptionalInt.empty(),
        bundles,
        symbolicName,
        custom,
        Optional.of(Files.createDirectories(directory.resolve("data"))),
        Optional.of(socket).filter(unused -> controlled),
        directory.resolve("host.log"),
        Optional.empty(),
        Optional.empty(),
        4 << 20,
        OptionalInt.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(60));
  }

  /** The link is what a host makes last before it says that it is READY. */
  RunningHost awaitReady() {
    Await.until(
        link + " appears; exit code: " + life.exitCode,
        PATIENCE,
        () -> {
          if (life.exitCode.isDone()) {
            throw new IllegalStateException("the host ended with " + life.exitCode.join());
          }
          return Files.exists(link);
        });
    return this;
  }

  int awaitExit() throws Exception {
    return life.exitCode.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** What a signal does. */
  void terminate() {
    life.handler.join().run();
  }

  ManagedChannel channel() {
    return channel;
  }

  String call(MethodDescriptor<StringValue, StringValue> method, String text) {
    return ClientCalls.blockingUnaryCall(
            channel,
            method,
            CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS),
            StringValue.of(text))
        .getValue();
  }

  Bundle bundle(String symbolicName) {
    return Stream.of(context.getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  Path directory() {
    return directory;
  }

  /** Sockets and links that are there. */
  List<String> sockets() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sock"))
          .sorted()
          .toList();
    }
  }

  /** Ends it in order if it has not ended, and takes away what it installed. */
  @Override
  public void close() throws Exception {
    try {
      channel.shutdownNow();
      if (!life.exitCode.isDone()) {
        terminate();
        awaitExit();
      }
    } finally {
      context.ungetService(channels);
      registeredAssignment.unregister();
      registeredLife.unregister();
      for (Bundle bundle : context.getBundles()) {
        if (bundle.getLocation().startsWith("reference:")) {
          bundle.uninstall();
        }
      }
      delete();
    }
  }

  private void delete() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
