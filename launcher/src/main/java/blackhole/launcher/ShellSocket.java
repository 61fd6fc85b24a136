package blackhole.launcher;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The moment when the orchestrator starts to listen. */
final class ShellSocket {
  private ShellSocket() {}

  /**
   * Waits until somebody listens at this path. The listener moves a socket that is ready into
   * place, so its appearance is the event, and nothing has to be tried over and over.
   *
   * @return null when nobody did in this time
   */
  static @Nullable SocketChannel await(Path socket, long timeoutMillis)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    Path folder = Objects.requireNonNull(socket.getParent());
    try (WatchService changes = socket.getFileSystem().newWatchService()) {
      WatchKey key =
          folder.register(
              changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      while (true) {
        // After the watch is set, or an appearance in between would go unseen.
        SocketChannel connected = NodeConnection.tryOpen(socket);
        long left = until - System.nanoTime();
        if (connected != null || left <= 0) {
          return connected;
        }
        changes.poll(left, TimeUnit.NANOSECONDS);
        key.pollEvents();
        key.reset();
      }
    }
  }
}
