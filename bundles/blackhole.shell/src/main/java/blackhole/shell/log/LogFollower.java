package blackhole.shell.log;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Passes on lines as they are written, of instances that come later too. Woken by the kernel, so it
 * costs nothing while nothing is written. For one thread.
 */
final class LogFollower implements AutoCloseable {
  private final LogFiles files;
  private final Consumer<String> consumer;
  private final WatchService changes;
  private final Map<Integer, FollowedFile> followed = new TreeMap<>();

  /** What is there now is passed over; what is written from now on will not be missed. */
  LogFollower(LogFiles files, Consumer<String> consumer) throws IOException {
    this.files = files;
    this.consumer = consumer;
    this.changes = files.directory().getFileSystem().newWatchService();
    files
        .directory()
        .register(
            changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    for (int instance : files.find().keySet()) {
      follow(instance, false);
    }
  }

  private void follow(int instance, boolean fromStart) throws IOException {
    Path path = files.path(instance);
    followed.put(instance, new FollowedFile(path, fromStart, consumer));
  }

  /** Where each current file goes on; what stands before that is not passed on. */
  Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new TreeMap<>();
    followed.forEach((instance, file) -> positions.put(instance, file.position()));
    return positions;
  }

  void run() throws IOException, InterruptedException {
    while (true) {
      for (FollowedFile file : followed.values()) {
        file.poll();
      }
      WatchKey key = changes.take();
      for (var event : key.pollEvents()) {
        if (event.context() instanceof Path name) {
          OptionalInt instance = files.current(name);
          if (instance.isPresent() && !followed.containsKey(instance.getAsInt())) {
            follow(instance.getAsInt(), true);
          }
        }
      }
      key.reset();
    }
  }

  @Override
  public void close() throws IOException {
    for (FollowedFile file : followed.values()) {
      file.close();
    }
    changes.close();
  }
}
