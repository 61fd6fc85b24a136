package blackhole.bench.recover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** grpc-java alone, in a JVM that PM2 watches over. */
final class Pm2Service implements Supervised {
  private static final String APP = "echo";
  private static final long TIMEOUT_SECONDS = 60;

  /** PM2 counts what ends earlier as unstable, and gives up after some of them. */
  private static final long STABLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private final Path directory;
  private final Path socket;

  /**
   * @param java the command line of the server, its program first
   * @param directory for PM2's own files
   */
  Pm2Service(List<String> java, Path directory, Path socket)
      throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory);
    this.socket = socket;
    List<String> command =
        new ArrayList<>(
            List.of("start", java.get(0), "--name", APP, "--interpreter", "none", "--"));
    command.addAll(java.subList(1, java.size()));
    String unused = pm2(command);
  }

  private String pm2(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("pm2"));
    command.addAll(arguments);
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("PM2_HOME", directory.toString());
    Process process = builder.start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return "PM2, bare grpc-java";
  }

  @Override
  public Path socket() {
    return socket;
  }

  @Override
  public long awaitPrepared() throws IOException, InterruptedException {
    LockSupport.parkNanos(STABLE_NANOS);
    String said = pm2(List.of("pid", APP));
    // it may say more than the number, of itself
    return said.lines()
        .map(String::strip)
        .filter(line -> line.matches("[1-9]\\d*"))
        .map(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IOException("pm2 pid: " + said));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    String unused = pm2(List.of("kill"));
  }
}
