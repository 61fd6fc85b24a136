package blackhole.bench.update;

import blackhole.bench.Samples;
import blackhole.bench.peer.KarafRoot;
import blackhole.bench.peer.Peers;
import blackhole.bench.update.karaf.Probe;
import blackhole.testkit.Await;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For how long a service is gone while Karaf's {@code bundle:update} puts one version of its bundle
 * in the place of the other. Who calls it is another bundle of the same JVM: between two processes
 * a call would have to find a way to wait, or to fail, that Karaf leaves to its users.
 */
final class KarafUpdates {
  static final String SERVICE = Probe.UPDATED;

  private final int updates;
  private final PrintStream out;

  KarafUpdates(int updates, PrintStream out) {
    this.updates = updates;
    this.out = out;
  }

  /**
   * Medians of the updates.
   *
   * @param goneMillis from the last answer before to the first one after
   * @param failed calls of 10,000 a second
   */
  record Outcome(double goneMillis, double failed) {}

  /**
   * @param directory an empty directory
   * @return empty where Karaf is not installed
   */
  Optional<Outcome> run(Versions bundles, Path directory) throws Exception {
    Optional<Path> karaf = Peers.karaf();
    if (karaf.isEmpty()) {
      out.println("Karaf is not installed: not compared with its bundle:update");
      return Optional.empty();
    }
    Path first = bundles.karafService("1.0.0");
    Path second = bundles.karafService("2.0.0");
    Path lines = directory.resolve("gaps");
    try (KarafRoot root = new KarafRoot(karaf.get(), directory.resolve("k"), 0)) {
      Path deploy = Files.createDirectories(root.home().resolve("deploy"));
      Path unused = Files.copy(first, deploy.resolve("version.jar"));
      unused = Files.copy(bundles.karafProbe(), deploy.resolve("probe.jar"));
      double started =
          root.startMillis(
              "-D%s=%s -D%s=%d -D%s=%s,%s"
                  .formatted(
                      Probe.FILE,
                      lines,
                      Probe.UPDATES,
                      updates,
                      Probe.VERSIONS,
                      first.toUri(),
                      second.toUri()));
      out.printf("Karaf's bundle:update; its root was up after %.0f ms%n", started);
      Await.until(
          updates + " updates of Karaf are measured",
          Duration.ofMinutes(4).plusSeconds(5L * updates),
          () -> isOver(lines));
    }
    return Optional.of(outcome(Files.readAllLines(lines)));
  }

  private boolean isOver(Path lines) throws IOException {
    if (!Files.exists(lines)) {
      return false;
    }
    List<String> written = Files.readAllLines(lines);
    return written.size() >= updates || failure(written) != null;
  }

  private static @Nullable String failure(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("failed")).findFirst().orElse(null);
  }

  private Outcome outcome(List<String> lines) {
    String failure = failure(lines);
    if (failure != null) {
      throw new IllegalStateException("Karaf's updates were not measured: " + failure);
    }
    Samples gone =
        new Samples(
            lines.stream().mapToDouble(line -> Long.parseLong(line.split(" ")[0]) / 1e6).toArray());
    Samples failed =
        new Samples(
            lines.stream().mapToDouble(line -> Double.parseDouble(line.split(" ")[1])).toArray());
    out.println("  the service is gone  " + gone.summary("ms"));
    out.println("  failed calls         " + failed.summary("of 10,000/s"));
    return new Outcome(gone.median(), failed.median());
  }
}
