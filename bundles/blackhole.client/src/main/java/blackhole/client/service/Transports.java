package blackhole.client.service;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** What carries calls: sockets, TLS and threads, which all channels share. Thread-safe. */
public interface Transports {
  /**
   * Opens a channel over Unix sockets.
   *
   * @param maxMessageSizeBytes of a message that comes, for calls that say nothing else
   * @param furnish adds what the channel needs beyond its transport
   */
  ManagedChannel local(
      String target, int maxMessageSizeBytes, Consumer<ManagedChannelBuilder<?>> furnish);

  /**
   * Opens a channel over TCP with mutual TLS. The name that a certificate must have is the
   * address's authority.
   *
   * @param authorities whom the certificate of a node must be signed by; empty for this node's own
   *     authority
   * @param maxMessageSizeBytes of a message that comes, for calls that say nothing else
   * @return empty while this process has no certificate to show
   */
  Optional<ManagedChannel> remote(
      String target,
      Function<String, Optional<Path>> authorities,
      int maxMessageSizeBytes,
      Consumer<ManagedChannelBuilder<?>> furnish);

  /** Runs callbacks of calls, which may block. */
  Executor executor();
}
