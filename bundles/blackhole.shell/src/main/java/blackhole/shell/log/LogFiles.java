package blackhole.shell.log;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log files of a service: {@code <service>-<n>.log}, and older ones with {@code .1}, {@code
 * .2}, … behind, the highest the oldest.
 */
final class LogFiles {
  private final Path directory;
  private final String service;
  private final Pattern name;
  private final OptionalInt instance;

  /**
   * @param instance empty for all
   */
  LogFiles(Path directory, String service, OptionalInt instance) {
    this.directory = directory;
    this.service = service;
    this.name = Pattern.compile(Pattern.quote(service) + "-([0-9]{1,9})\\.log(?:\\.([0-9]{1,9}))?");
    this.instance = instance;
  }

  Path directory() {
    return directory;
  }

  /** The current log of an instance. */
  Path path(int number) {
    return directory.resolve(service + "-" + number + ".log");
  }

  /** The instance that a file of this name is the current log of, if it is one of ours. */
  OptionalInt current(Path fileName) {
    Matcher matcher = name.matcher(fileName.toString());
    return matcher.matches() && matcher.group(2) == null && isAsked(matcher)
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /** Every instance's files, newest first. */
  NavigableMap<Integer, List<Path>> find() throws IOException {
    NavigableMap<Integer, NavigableMap<Integer, Path>> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Matcher matcher = name.matcher(file.getFileName().toString());
        if (matcher.matches() && isAsked(matcher)) {
          int age = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
          found
              .computeIfAbsent(Integer.parseInt(matcher.group(1)), number -> new TreeMap<>())
              .put(age, file);
        }
      }
    } catch (NoSuchFileException e) {
      return new TreeMap<>();
    }
    NavigableMap<Integer, List<Path>> files = new TreeMap<>();
    found.forEach((number, byAge) -> files.put(number, new ArrayList<>(byAge.values())));
    return files;
  }

  private boolean isAsked(Matcher matcher) {
    return instance.isEmpty() || matcher.group(1).equals(String.valueOf(instance.getAsInt()));
  }
}
