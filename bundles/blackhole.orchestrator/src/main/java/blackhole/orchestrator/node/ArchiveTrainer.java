package blackhole.orchestrator.node;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.host.NodeHome;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.JvmCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the class-data archive once, in the background: a host that starts a service of those on
 * board, calls itself and exits, at low priority and in a home of its own, so that the service
 * touches nothing of the node's. No start waits for it, and a failure costs nothing but the faster
 * start. It is recorded like a spare, so that a later orchestrator ends what one that was killed
 * began.
 */
final class ArchiveTrainer {
  private static final Logger LOG = System.getLogger(ArchiveTrainer.class.getName());
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String TRAINING = "training";

  private final NodeHome home;
  private final Distribution distribution;
  private final ClassDataArchive archive;
  private final ProcessLauncher processes;
  private final ScheduledExecutorService timers;
  private final HostFiles files;
  private final HostRecords records;
  private final String hostId;
  private @Nullable RunningProcess running;
  private CompletableFuture<Void> over = CompletableFuture.completedFuture(null);
  private boolean closed;

  /**
   * @param runId sets what this orchestrator starts apart from what the one before did
   */
  ArchiveTrainer(
      NodeHome home,
      Distribution distribution,
      ClassDataArchive archive,
      ProcessLauncher processes,
      ScheduledExecutorService timers,
      HostFiles files,
      HostRecords records,
      String runId) {
    this.home = home;
    this.distribution = distribution;
    this.archive = archive;
    this.processes = processes;
    this.timers = timers;
    this.files = files;
    this.records = records;
    this.hostId = TRAINING + "-" + runId;
  }

  /** Whether it is a process that trains, or one that did. */
  static boolean trains(HostRecord record) {
    return record.hostId().startsWith(TRAINING) && record.duty().isEmpty();
  }

  /**
   * Starts the training unless the archive is there; returns at once.
   *
   * @return completes when it is over, however it went
   */
  synchronized CompletionStage<Void> train(List<String> jvmFlags) {
    if (archive.exists() || running != null || closed) {
      return CompletableFuture.completedFuture(null);
    }
    Path made = home.cache().resolve(hostId).resolve(archive.file().getFileName());
    try {
      running = start(jvmFlags, made);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "the class-data archive cannot be made", e);
      forget();
      return CompletableFuture.completedFuture(null);
    }
    RunningProcess training = running;
    ScheduledFuture<?> tooLong =
        timers.schedule(training::kill, TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    over = ended;
    training
        .onExit()
        .whenComplete(
            (code, failure) -> {
              tooLong.cancel(false);
              try {
                finish(code == null ? -1 : code, made);
              } finally {
                ended.complete(null);
              }
            });
    return ended;
  }

  private RunningProcess start(List<String> jvmFlags, Path made) throws IOException {
    // of its own, and in its cache, which goes with the host's other files
    NodeHome rehearsal = NodeHome.of(home.cache().resolve(hostId));
    Files.createDirectories(rehearsal.log());
    Assignment assignment = assignment(rehearsal);
    Path file = files.assignment(hostId);
    AssignmentFile.write(file, assignment);
    List<String> flags = new ArrayList<>(jvmFlags);
    flags.addAll(archive.trainingFlags(made));
    flags.add("-Dblackhole.train=true");
    List<String> command = new ArrayList<>(List.of("nice", "-n", "10"));
    command.addAll(
        JvmCommand.host(distribution, rehearsal.root(), flags, file, Map.of("id", hostId)));
    String token = UUID.randomUUID().toString();
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put(HostEnvironment.TOKEN, token);
    RunningProcess process =
        processes.launch(
            new ProcessSpec(command, environment, home.root(), home.hostOutput(hostId)));
    try {
      records.write(
          new HostRecord(
              hostId,
              process.identity(),
              token,
              socket(),
              link(),
              new HostRecord.Made(0, List.of()),
              Optional.empty()));
    } catch (IOException e) {
      // nobody would find it again: better no process than one like that
      process.kill();
      throw e;
    }
    return process;
  }

  private Path socket() {
    return home.socket(hostId + ".sock");
  }

  private Path link() {
    return home.socket(hostId + "-link.sock");
  }

  /** The first of the services with the most jars: it loads most of what others load too. */
  private String demanding() {
    return Collections.max(
        distribution.index().services(),
        Comparator.comparingInt(name -> distribution.serviceBundles(name).orElseThrow().size()));
  }

  private Assignment assignment(NodeHome rehearsal) throws IOException {
    String service = demanding();
    Path data = rehearsal.data(service);
    Files.createDirectories(data);
    return new Assignment(
        hostId,
        rehearsal.root(),
        TRAINING,
        TRAINING,
        1,
        socket(),
        link(),
        OptionalInt.empty(),
        distribution.serviceBundles(service).orElseThrow(),
        service,
        Map.of(),
        Optional.of(data),
        Optional.empty(),
        home.log().resolve("training.log"),
        Optional.empty(),
        Optional.empty(),
        4 << 20,
        OptionalInt.empty(),
        Duration.ofSeconds(5),
        Duration.ofMinutes(5));
  }

  private synchronized void finish(int exitCode, Path made) {
    running = null;
    try {
      if (exitCode == 0 && Files.isRegularFile(made)) {
        Files.move(made, archive.file(), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(home.log().resolve("training.log"));
        Files.deleteIfExists(home.hostOutput(hostId));
        LOG.log(Level.INFO, "made the class-data archive {0}", archive.file());
      } else if (!closed) {
        LOG.log(
            Level.WARNING,
            "the class-data archive could not be made (exit code {0}); see {1}",
            exitCode,
            home.hostOutput(hostId));
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the class-data archive could not be put into place", e);
    }
    forget();
  }

  private void forget() {
    files.remove(hostId, socket(), link());
    records.remove(hostId);
  }

  /**
   * Ends a training that still runs.
   *
   * @return completes, never exceptionally, when it has ended and nothing is left of it
   */
  synchronized CompletionStage<Void> close() {
    closed = true;
    if (running != null) {
      running.kill();
    }
    return over;
  }
}
