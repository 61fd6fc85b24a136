package blackhole.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a host holds when its garbage has been collected.
 *
 * @param bundleLoaders class loaders of bundles
 * @param classes that are loaded
 * @param threads of the kernel
 * @param files that are open
 */
record HostFootprint(long bundleLoaders, long classes, long metaspaceKb, long threads, long files) {
  private static final Pattern METASPACE = Pattern.compile("Metaspace\\s+used (\\d+)K");

  static HostFootprint of(long pid) {
    // it collects first, and unloads what nobody uses
    String histogram = jcmd(pid, "GC.class_histogram");
    Matcher metaspace = METASPACE.matcher(jcmd(pid, "GC.heap_info"));
    assertThat(metaspace.find()).isTrue();
    Path process = Path.of("/proc", Long.toString(pid));
    return new HostFootprint(
        instances(histogram, "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader"),
        instances(histogram, "java.lang.Class"),
        Long.parseLong(metaspace.group(1)),
        entries(process.resolve("task")),
        entries(process.resolve("fd")));
  }

  private static String jcmd(long pid, String command) {
    Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    CommandResult result = Commands.run(List.of(program.toString(), Long.toString(pid), command));
    assertThat(result.exitCode()).as(result.toString()).isZero();
    return result.stdout();
  }

  /** A line has a number, instances, bytes, the class, and perhaps its module. */
  private static long instances(String histogram, String type) {
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length > 3 && columns[3].equals(type))
        .mapToLong(columns -> Long.parseLong(columns[1]))
        .sum();
  }

  private static long entries(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
