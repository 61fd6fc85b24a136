package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.NodeHome;
import blackhole.testkit.CommandResult;
import blackhole.testkit.LauncherJar;
import blackhole.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes side by side, each at a place and under circumstances that a node may meet. */
class SurroundingsTest {
  private static final String POLICY =
      "restart_policy: { max_restarts: 10, restart_delay: 10ms, max_backoff: 50ms }";
  private static final String YAML = "services:\n  identity: { " + POLICY + " }\n";

  /** With the temporary directory before it, too long for sockets of its own. */
  private static final String DEEP = "deep/".repeat(22) + "home";

  @TempDir private Path directory;

  @Test
  void aNodeRunsWhereverItIsPut() throws Exception {
    Path jar = Files.copy(LauncherJar.find(), directory.resolve("launcher.jar"));
    try (TestNode strange = strange(jar);
        TestNode deep = deep()) {
      serves(strange);
      serves(deep);
      sockets(deep);
      onlyThisUserGetsIn(strange);
      onlyThisUserGetsIn(deep);
      neitherTouchesTheOther(strange, deep);
      theJarMayBeReplaced(strange, jar);
      nothingIsLeftOf(deep);
      // it was alone for a while now, and has not noticed
      assertThat(strange.isHealthy("identity")).isTrue();
    }
  }

  /** Spaces, umlauts, a Turkish locale, an open umask, no HOME, and another java on the PATH. */
  private TestNode strange(Path jar) throws IOException {
    Path fake = Files.createDirectory(directory.resolve("bin")).resolve("java");
    Files.writeString(fake, "#!/bin/sh\necho wrong java >&2\nexit 99\n");
    Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    return TestNode.builder()
        .yaml(YAML)
        .newHome()
        .homeName("mein schönes Haus İı")
        .jar(jar)
        .environment("JAVA_TOOL_OPTIONS", "-Duser.language=tr -Duser.country=TR")
        .environment("LC_ALL", "C.UTF-8")
        .environment("PATH", fake.getParent() + ":" + System.getenv("PATH"))
        .withoutEnvironment("HOME")
        .through("sh", "-c", "umask 000; exec \"$@\"", "sh")
        .start();
  }

  private static TestNode deep() {
    return TestNode.builder()
        .yaml(YAML)
        .newHome()
        .homeName(DEEP)
        .through("sh", "-c", "umask 077; exec \"$@\"", "sh")
        .start();
  }

  private static void serves(TestNode node) {
    Users.register(node.channel("identity"), "ilgin");
    assertThat(Users.authenticate(node.channel("identity"), "ilgin")).isNotEmpty();
    assertThat(node.printed()).doesNotContain("wrong java", "Exception");
    CommandResult exec = node.launcher("exec", "bh:ps");
    assertThat(exec.exitCode()).as(exec.stderr()).isZero();
    assertThat(exec.stdout()).contains("identity", "READY");
  }

  private static void sockets(TestNode deep) {
    assertThat(deep.home().toString().length()).isGreaterThan(106);
    Path folder = NodeHome.of(deep.home()).shortFolder();
    assertThat(deep.socket("identity")).hasParent(folder);
    assertThat(deep.home().resolve("run/identity-1.sock")).doesNotExist();
  }

  private static void onlyThisUserGetsIn(TestNode node) throws IOException {
    Path sockets = node.socket("identity").getParent();
    assertThat(permissions(sockets)).isEqualTo("rwx------");
    assertThat(permissions(node.home())).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(sockets)) {
      assertThat(files)
          .filteredOn(SurroundingsTest::isLastingSocket)
          .hasSize(3)
          .allSatisfy(socket -> assertThat(permissions(socket)).isEqualTo("rw-------"));
    }
    try (Stream<Path> files = Files.walk(node.home().resolve("data"))) {
      assertThat(files)
          .filteredOn(Files::isRegularFile)
          .isNotEmpty()
          .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
    }
  }

  /** Neither a link, nor of the process that makes a class-data archive, which comes and goes. */
  private static boolean isLastingSocket(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".sock") && !name.startsWith("training") && !Files.isSymbolicLink(file);
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }

  private static void neitherTouchesTheOther(TestNode one, TestNode other) {
    long untouched = other.pid("identity").orElseThrow();
    long killed = one.kill("identity");
    one.awaitReplaced("identity", killed, TestNode.PATIENCE);
    assertThat(other.pid("identity")).hasValue(untouched);
    assertThat(other.status("identity").get("restarts").getAsInt()).isZero();
  }

  /** What runs was unpacked, so neither a host's restart nor an orchestrator's needs the jar. */
  private static void theJarMayBeReplaced(TestNode node, Path jar) throws IOException {
    Files.write(jar, List.of("no longer a jar"));

    long host = node.kill("identity");
    node.awaitReplaced("identity", host, TestNode.PATIENCE);

    long next = node.pid("identity").orElseThrow();
    node.awaitTrained();
    Processes.kill(node.orchestrator());
    node.awaitReady();
    assertThat(node.pid("identity")).hasValue(next);
    assertThat(Users.authenticate(node.channel("identity"), "ilgin")).isNotEmpty();
  }

  private static void nothingIsLeftOf(TestNode deep) {
    assertThat(deep.stop()).isZero();
    assertThat(deep.leftBehind()).isEmpty();
    assertThat(NodeHome.of(deep.home()).shortFolder())
        .satisfiesAnyOf(
            folder -> assertThat(folder).doesNotExist(),
            folder -> assertThat(folder).isEmptyDirectory());
  }
}
