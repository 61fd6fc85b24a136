package blackhole.orchestrator.node;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.supervision.Remembered;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What operators and the scaler have made of the instances, and how often each was restarted, in a
 * file for the next orchestrator: it goes on from there when this one is killed, or leaves. An
 * ordered stop removes the file, so the next run begins with what is configured; so does one after
 * a start of the machine. Thread-safe.
 */
final class InstanceMemory {
  private static final Logger LOG = System.getLogger(InstanceMemory.class.getName());
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String BOOT = "boot";
  private static final String SERVICE = "service.";
  private static final String INSTANCE = "instance.";
  private static final String STAND_IN = "stand_in.";

  private final Path file;
  private final Executor executor;
  private final AtomicBoolean due = new AtomicBoolean();

  // guarded by this
  private boolean closed;

  InstanceMemory(Path file, Executor executor) {
    this.file = file;
    this.executor = executor;
  }

  /**
   * Those of services that are configured with as many instances as then: else the configuration is
   * the newer word. Empty after an ordered stop, after a start of the machine, and for a file that
   * cannot be read.
   */
  Map<InstanceId, Remembered> read(NodeConfig config) {
    Map<InstanceId, Remembered> found = new TreeMap<>();
    try (Reader reader = Files.newBufferedReader(file)) {
      Properties properties = new Properties();
      properties.load(reader);
      if (!properties.getProperty(BOOT, "").equals(boot())) {
        return Map.of();
      }
      for (ServiceConfig service : config.enabledServices()) {
        String configured = properties.getProperty(SERVICE + service.name(), "");
        if (configured.equals(Integer.toString(service.instances()))) {
          read(properties, service.name(), found);
        }
      }
    } catch (NoSuchFileException e) {
      // nothing to remember
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "ignores " + file + ": " + e.getMessage());
      return Map.of();
    }
    return found;
  }

  /** Those that were only there while others were replaced: nobody goes on with them. */
  Set<InstanceId> readStandIns() {
    Set<InstanceId> found = new HashSet<>();
    try (Reader reader = Files.newBufferedReader(file)) {
      Properties properties = new Properties();
      properties.load(reader);
      for (String key : properties.stringPropertyNames()) {
        if (key.startsWith(STAND_IN)) {
          found.add(
              new InstanceId(
                  key.substring(STAND_IN.length()), Integer.parseInt(properties.getProperty(key))));
        }
      }
    } catch (IOException | RuntimeException e) {
      // as in read, which tells of it
      return Set.of();
    }
    return found;
  }

  /** Of this start of the machine; empty where the kernel does not tell. */
  private static String boot() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static void read(
      Properties properties, String service, Map<InstanceId, Remembered> found) {
    String prefix = INSTANCE + service + ".";
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(prefix) && key.endsWith(".restarts")) {
        String number = key.substring(prefix.length(), key.length() - ".restarts".length());
        String one = prefix + number;
        found.put(
            new InstanceId(service, Integer.parseInt(number)),
            new Remembered(
                Integer.parseInt(properties.getProperty(key)),
                text(properties, one + ".last_restart").map(Instant::parse),
                text(properties, one + ".last_exit"),
                text(properties, one + ".stopped")));
      }
    }
  }

  private static Optional<String> text(Properties properties, String key) {
    return Optional.ofNullable(properties.getProperty(key));
  }

  /**
   * Keeps the file up to date from now on.
   *
   * @param config as it is now
   * @param standIns those of the instances that only stand in for others for a while
   */
  void follow(
      Supplier<NodeConfig> config, Supervisor supervisor, Supplier<Set<InstanceId>> standIns) {
    // watched for the life of the process
    AutoCloseable unused =
        supervisor.watch(
            status -> {
              if (due.compareAndSet(false, true)) {
                executor.execute(
                    () -> {
                      due.set(false);
                      write(config.get(), supervisor.instances(), standIns.get());
                    });
              }
            });
  }

  synchronized void write(
      NodeConfig config, List<InstanceStatus> instances, Set<InstanceId> standIns) {
    if (closed) {
      return;
    }
    Properties properties = new Properties();
    properties.setProperty(BOOT, boot());
    for (ServiceConfig service : config.enabledServices()) {
      properties.setProperty(SERVICE + service.name(), Integer.toString(service.instances()));
    }
    for (InstanceStatus status : instances) {
      if (!standIns.contains(status.id())) {
        add(properties, status);
      }
    }
    // one for each service at most
    standIns.forEach(
        id -> properties.setProperty(STAND_IN + id.service(), Integer.toString(id.instance())));
    try {
      Path temporary = Files.createTempFile(file.resolveSibling(""), ".instances-", ".tmp");
      try (Writer writer = Files.newBufferedWriter(temporary)) {
        properties.store(writer, null);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot keep what is known of the instances", e);
    }
  }

  private static void add(Properties properties, InstanceStatus status) {
    String one = INSTANCE + status.id().service() + "." + status.id().instance();
    properties.setProperty(one + ".restarts", Integer.toString(status.restarts()));
    status
        .lastRestart()
        .ifPresent(when -> properties.setProperty(one + ".last_restart", when.toString()));
    status.lastExit().ifPresent(words -> properties.setProperty(one + ".last_exit", words));
    if (isDown(status)) {
      properties.setProperty(one + ".stopped", status.message());
    }
  }

  /** Or is on its way there. */
  private static boolean isDown(InstanceStatus status) {
    return status.state() == InstanceState.STOPPED
        || (status.state() == InstanceState.DRAINING && status.nextStart().isEmpty());
  }

  /** What comes now is the node's own end, and no wish of anybody's. */
  synchronized void keep() {
    closed = true;
  }

  /** As {@link #keep}, and there is nothing to go on from. */
  synchronized void forget() {
    closed = true;
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove " + file, e);
    }
  }
}
