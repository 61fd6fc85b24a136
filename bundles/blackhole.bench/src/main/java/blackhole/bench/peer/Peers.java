package blackhole.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The peers that {@code bundles/blackhole.bench/peers} has put where the benchmarks look. */
public final class Peers {
  private static final String KARAF = "apache-karaf-";

  private Peers() {}

  /** What is there, and what is not, for people. */
  public static String line() {
    List<String> present = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    karaf()
        .ifPresentOrElse(
            home -> present.add("Karaf " + home.getFileName().toString().substring(KARAF.length())),
            () -> missing.add("Karaf"));
    (hasPm2() ? present : missing).add("PM2");
    String all = "peers: " + (present.isEmpty() ? "none" : String.join(", ", present));
    return missing.isEmpty()
        ? all
        : all + "; skipped, as they are not installed: " + String.join(", ", missing);
  }

  /** Karaf's distribution, unpacked and never started. */
  public static Optional<Path> karaf() {
    String directory = System.getProperty("blackhole.bench.peers", "");
    if (directory.isEmpty() || !Files.isDirectory(Path.of(directory))) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(KARAF))
          .filter(file -> Files.isExecutable(file.resolve("bin/karaf")))
          .sorted()
          .reduce((older, newer) -> newer);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  public static boolean hasPm2() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "pm2")));
  }
}
