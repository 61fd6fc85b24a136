package blackhole.orchestrator.node;

import blackhole.api.process.ProcessIdentity;
import blackhole.orchestrator.node.HostRecord.Duty;
import blackhole.orchestrator.node.HostRecord.Made;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One small file for each host that runs, written right after its start and removed after its end,
 * so that an orchestrator that was killed leaves behind what the next one needs. A file that cannot
 * be read is reported and removed: it can tell nobody from a stranger.
 */
final class HostRecords {
  private static final Logger LOG = System.getLogger(HostRecords.class.getName());
  private static final String SUFFIX = ".host";

  /**
   * Of a spare that was taken, which is written down while callers wait. It takes no other file's
   * place, as ext4 flushes a file to the disk that is renamed over another.
   */
  private static final String TAKEN_SUFFIX = ".taken" + SUFFIX;

  private final Path directory;

  HostRecords(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
  }

  void write(HostRecord record) throws IOException {
    write(record, file(record.hostId()));
  }

  private void write(HostRecord record, Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("host_id", record.hostId());
    properties.setProperty("pid", Long.toString(record.process().pid()));
    properties.setProperty("start_ticks", Long.toString(record.process().startTicks()));
    properties.setProperty("token", record.token());
    properties.setProperty("socket", record.socket().toString());
    properties.setProperty("link", record.link().toString());
    properties.setProperty("memory_bytes", Long.toString(record.made().memoryBytes()));
    properties.setProperty("jvm_args", String.join("\n", record.made().jvmArgs()));
    record
        .duty()
        .ifPresent(
            duty -> {
              properties.setProperty("generation", Long.toString(duty.generation()));
              properties.setProperty("call_token", duty.callToken());
            });
    // the token proves who a host is: for this user alone, from the first byte on
    Path temporary =
        Files.createTempFile(
            directory,
            ".host-",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (Writer writer = Files.newBufferedWriter(temporary)) {
      properties.store(writer, null);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A spare has got a service, and listens elsewhere from now on. */
  void assigned(String hostId, Duty duty, Path socket, Path link) throws IOException {
    Path before = file(hostId);
    write(read(before).on(duty, socket, link), taken(hostId));
    Files.delete(before);
  }

  void remove(String hostId) {
    try {
      Files.deleteIfExists(file(hostId));
      Files.deleteIfExists(taken(hostId));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove " + file(hostId), e);
    }
  }

  List<HostRecord> all() throws IOException {
    Map<String, HostRecord> records = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(HostRecords::isRecord).sorted().toList()) {
        try {
          HostRecord record = read(file);
          // an orchestrator that was killed in between left both; one of them has its duty
          records.merge(
              record.hostId(), record, (one, other) -> one.duty().isPresent() ? one : other);
        } catch (IOException | RuntimeException e) {
          LOG.log(Level.WARNING, "ignores and removes " + file + ": " + e.getMessage());
          Files.deleteIfExists(file);
        }
      }
    }
    return List.copyOf(records.values());
  }

  private static boolean isRecord(Path file) {
    return file.toString().endsWith(SUFFIX);
  }

  private static HostRecord read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    ProcessIdentity process =
        new ProcessIdentity(
            Long.parseLong(required(properties, "pid")),
            Long.parseLong(required(properties, "start_ticks")));
    return new HostRecord(
        required(properties, "host_id"),
        process,
        required(properties, "token"),
        Path.of(required(properties, "socket")),
        Path.of(required(properties, "link")),
        new Made(
            Long.parseLong(required(properties, "memory_bytes")),
            properties.getProperty("jvm_args", "").lines().toList()),
        duty(properties));
  }

  private static Optional<Duty> duty(Properties properties) throws IOException {
    return properties.containsKey("generation")
        ? Optional.of(
            new Duty(
                Long.parseLong(required(properties, "generation")),
                required(properties, "call_token")))
        : Optional.empty();
  }

  private static String required(Properties properties, String key) throws IOException {
    String value = properties.getProperty(key);
    if (value == null || value.isBlank()) {
      throw new IOException("it has no " + key);
    }
    return value;
  }

  private Path taken(String hostId) {
    return directory.resolve(hostId + TAKEN_SUFFIX);
  }

  private Path file(String hostId) {
    return directory.resolve(hostId + SUFFIX);
  }
}
