package blackhole.bench.start;

import blackhole.bench.service.BareServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** grpc-java without a framework, with the JVM flags and the kind of archive that a host has. */
public final class BareContender implements Contender {
  private final Path directory;
  private final List<String> jvmFlags;

  public BareContender(Path directory, List<String> jvmFlags) {
    this.directory = directory;
    this.jvmFlags = jvmFlags;
  }

  @Override
  public Path socket() {
    return directory.resolve("bare.sock");
  }

  private Path archive() {
    return directory.resolve("bare.archive");
  }

  private static boolean aot() {
    return Runtime.version().feature() >= 25;
  }

  @Override
  public List<String> command() {
    return command(List.of((aot() ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive()));
  }

  private List<String> command(List<String> archiveFlags, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.addAll(archiveFlags);
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning:stderr"));
    command.addAll(List.of("-cp", System.getProperty("blackhole.bench.bare.classpath")));
    command.addAll(List.of(BareServer.class.getName(), socket().toString()));
    command.addAll(List.of(more));
    return command;
  }

  @Override
  public void train() throws IOException, InterruptedException {
    String flag = (aot() ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive();
    try (StartedProcess run =
        StartedProcess.start(
            command(List.of(flag), "train"), socket(), directory.resolve("bare.out"))) {
      if (run.awaitExit() != 0) {
        throw new IOException("the bare server's training failed, see " + directory);
      }
    }
  }
}
