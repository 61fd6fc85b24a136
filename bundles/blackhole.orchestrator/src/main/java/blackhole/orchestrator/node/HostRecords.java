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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * One small file for each host that runs, written right after its start and removed after its end,
 * so that an orchestrator that was killed leaves behind what the next one needs. A file that cannot
 * be read is reported and removed: it can tell nobody from a stranger.
 */
final class HostRecords {
  private static final Logger LOG = System.getLogger(HostRecords.class.getName());
  private static final String SUFFIX = ".host";

  private final Path directory;

  HostRecords(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
  }

  void write(HostRecord record) throws IOException {
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
    Files.move(temporary, file(record.hostId()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** A spare has got a service, and listens elsewhere from now on. */
  void assigned(String hostId, Duty duty, Path socket, Path link) throws IOException {
    write(read(file(hostId)).on(duty, socket, link));
  }

  void remove(String hostId) {
    try {
      Files.deleteIfExists(file(hostId));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove " + file(hostId), e);
    }
  }

  List<HostRecord> all() throws IOException {
    List<HostRecord> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(HostRecords::isRecord).sorted().toList()) {
        try {
          records.add(read(file));
        } catch (IOException | RuntimeException e) {
          LOG.log(Level.WARNING, "ignores and removes " + file + ": " + e.getMessage());
          Files.deleteIfExists(file);
        }
      }
    }
    return records;
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

  private Path file(String hostId) {
    return directory.resolve(hostId + SUFFIX);
  }
}
