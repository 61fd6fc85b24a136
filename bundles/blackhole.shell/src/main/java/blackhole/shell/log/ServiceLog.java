package blackhole.shell.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The logs of a service's instances, as one. */
public final class ServiceLog {
  private final LogFiles files;

  /**
   * @param directory where the logs of all instances are
   * @param instance empty for all
   */
  public ServiceLog(Path directory, String service, OptionalInt instance) {
    this.files = new LogFiles(directory, service, instance);
  }

  /** The last lines of all instances together, in the order of time. */
  public List<LogLine> last(int count) throws IOException {
    return last(count, Map.of());
  }

  /**
   * @param ends up to where to read the current file of an instance; to its end for those left out
   */
  private List<LogLine> last(int count, Map<Integer, Long> ends) throws IOException {
    List<LogLine> all = new ArrayList<>();
    for (Map.Entry<Integer, List<Path>> instance : files.find().entrySet()) {
      int number = instance.getKey();
      long end = ends.getOrDefault(number, Long.MAX_VALUE);
      all.addAll(last(number, instance.getValue(), count, end));
    }
    // Stable: lines of one instance and one moment keep their order.
    all.sort(Comparator.comparing(LogLine::time));
    return all.subList(Math.max(0, all.size() - count), all.size());
  }

  private List<LogLine> last(int instance, List<Path> newestFirst, int count, long end)
      throws IOException {
    Deque<String> lines = new ArrayDeque<>();
    for (Path path : newestFirst) {
      int missing = count - lines.size();
      if (missing <= 0) {
        break;
      }
      try (FileChannel file = FileChannel.open(path)) {
        long limit = path.equals(files.path(instance)) ? Math.min(end, file.size()) : file.size();
        List<String> found = TailReader.lines(file, limit, missing);
        for (int i = found.size() - 1; i >= 0; i--) {
          lines.addFirst(found.get(i));
        }
      } catch (NoSuchFileException e) {
        // rotated away meanwhile
      }
    }
    Instant time = Instant.MIN;
    List<LogLine> result = new ArrayList<>();
    for (String line : lines) {
      time = LogLine.time(line).orElse(time);
      result.add(new LogLine(instance, time, line));
    }
    return result;
  }

  /**
   * The last lines, and then every line as it is written, until the thread is interrupted or the
   * consumer throws.
   */
  public void follow(int count, Consumer<String> consumer)
      throws IOException, InterruptedException {
    try (LogFollower follower = new LogFollower(files, consumer)) {
      last(count, follower.positions()).forEach(line -> consumer.accept(line.text()));
      follower.run();
    }
  }
}
