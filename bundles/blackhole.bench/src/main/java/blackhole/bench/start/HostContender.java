package blackhole.bench.start;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.host.TlsFiles;
import blackhole.bench.echo.EchoService;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.JvmCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A service host as the orchestrator starts it, without an orchestrator. */
public final class HostContender implements Contender {
  private final Path home;
  private final Distribution distribution;
  private final ClassDataArchive archive;
  private final List<String> jvmFlags;
  private final Path service;
  private final OptionalInt port;
  private final Optional<TlsFiles> tls;

  /**
   * On a Unix socket alone.
   *
   * @param service the jar of the measured service's bundle
   */
  public HostContender(Path home, Distribution distribution, List<String> jvmFlags, Path service)
      throws IOException {
    this(home, distribution, jvmFlags, service, OptionalInt.empty(), Optional.empty());
  }

  /**
   * @param service the jar of the measured service's bundle
   * @param port where it listens too
   * @param tls what it proves there who it is with
   */
  public HostContender(
      Path home,
      Distribution distribution,
      List<String> jvmFlags,
      Path service,
      OptionalInt port,
      Optional<TlsFiles> tls)
      throws IOException {
    this.port = port;
    this.tls = tls;
    this.home = home;
    this.distribution = distribution;
    this.archive = ClassDataArchive.of(home, distribution);
    this.jvmFlags = jvmFlags;
    this.service = service;
    Files.createDirectories(home.resolve("log"));
  }

  @Override
  public Path socket() {
    return home.resolve("host.sock");
  }

  @Override
  public List<String> command() throws IOException {
    return command(archive.useFlags());
  }

  private List<String> command(List<String> archiveFlags) throws IOException {
    Path file = home.resolve("assignment");
    AssignmentFile.write(file, assignment());
    List<String> flags = new ArrayList<>(jvmFlags);
    flags.addAll(archiveFlags);
    return JvmCommand.host(distribution, home, flags, file, Map.of("id", "bench"));
  }

  private Assignment assignment() {
    return new Assignment(
        "bench",
        home,
        "bench",
        "echo",
        1,
        socket(),
        home.resolve("link.sock"),
        port,
        List.of(service),
        EchoService.BUNDLE,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        home.resolve("log").resolve("echo.log"),
        Optional.empty(),
        tls,
        4 << 20,
        OptionalInt.empty(),
        Duration.ofSeconds(5),
        Duration.ofMinutes(5));
  }

  @Override
  public void train() throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(archive.trainingFlags(archive.file()));
    flags.add("-Dblackhole.train=true");
    try (StartedProcess run =
        StartedProcess.start(command(flags), socket(), home.resolve("host.out"))) {
      if (run.awaitExit() != 0 || !archive.exists()) {
        throw new IOException("the host's training failed, see " + home);
      }
    }
  }
}
