package blackhole.testkit;

import blackhole.shell.protocol.ExecRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What {@code exec} does, without a JVM of its own: tests look at a node often, and should not keep
 * the machine busy with that.
 */
final class ShellLine {
  private ShellLine() {}

  /**
   * Runs one line in the node that listens here.
   *
   * @throws UncheckedIOException when none does, or it goes away meanwhile
   */
  static CommandResult run(Path socket, String line, Duration timeout) {
    try (FrameChannel node =
        new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)))) {
      CompletableFuture<CommandResult> result =
          CompletableFuture.supplyAsync(() -> exchange(node, line));
      return result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(socket + ": " + e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + timeout.toSeconds() + " s: " + line, e);
    } catch (ExecutionException e) {
      throw new UncheckedIOException(new IOException(line, e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted during: " + line, e);
    }
  }

  private static CommandResult exchange(FrameChannel node, String line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      node.write(new ExecRequest(line, Path.of("").toAbsolutePath().toString(), 0).encode());
      for (Frame frame = node.read(); frame != null; frame = node.read()) {
        switch (frame.type()) {
          case STDOUT -> out.writeBytes(frame.payload());
          case STDERR -> err.writeBytes(frame.payload());
          case EXIT -> {
            return new CommandResult(
                frame.exitCode(),
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
          }
          default -> throw new IOException("the node sent " + frame.type());
        }
      }
      throw new IOException("the node went away");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
