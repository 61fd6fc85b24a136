package blackhole.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blackhole.api.host.Assignment;
import blackhole.api.host.AssignmentFile;
import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;

/** In a real framework, with this JVM's real log. */
class VacantHostTest {
  private static final System.Logger LOG = System.getLogger(VacantHostTest.class.getName());

  @TempDir Path directory;
  private NodeFramework framework;
  private NodeHome home;
  private VacantHost vacant;

  @BeforeEach
  void start() throws Exception {
    Path index = Files.writeString(directory.resolve("index"), "host.bundles=\nhost.lazy=\n");
    framework =
        NodeFramework.create(
            BundleIndex.read(index, BootOptions.Kind.HOST), directory.resolve("s"), Map.of());
    framework.start();
    home = NodeHome.of(directory.resolve("home"));
    home.create();
    Logs.start(home.hostLog("spare-1"), "spare-1", false);
    vacant = new VacantHost("spare-1", home, Duration.ofSeconds(60), framework.context());
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop(10_000);
    LogManager.getLogManager().readConfiguration();
  }

  private Path assignment(String hostId) throws IOException {
    Path file = directory.resolve(hostId + ".assignment");
    AssignmentFile.write(
        file,
        new Assignment(
            hostId,
            home.root(),
            "node-a",
            "identity",
            2,
            home.serviceSocket("identity", 2, 1),
            home.serviceLink("identity", 2),
            OptionalInt.empty(),
            List.of(),
            "blackhole.identity",
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            home.serviceLog("identity", 2),
            Optional.empty(),
            Optional.empty(),
            1 << 20,
            OptionalInt.empty(),
            Duration.ZERO,
            Duration.ZERO));
    return file;
  }

  @Test
  void becomesTheHostThatTheFileDescribes() throws Exception {
    LOG.log(Level.INFO, "waits");
    vacant.fill(assignment("spare-1"));
    LOG.log(Level.INFO, "serves");

    ServiceReference<Assignment> registered =
        framework.context().getServiceReference(Assignment.class);
    assertThat(framework.context().getService(registered).service()).isEqualTo("identity");
    assertThat(Files.readString(home.hostLog("spare-1")))
        .contains(" spare-1 [", "waits")
        .doesNotContain("serves");
    assertThat(Files.readString(home.serviceLog("identity", 2)))
        .contains(" identity-2 [", "serves")
        .doesNotContain("waits");
  }

  @Test
  void takesOneServiceOnly() throws Exception {
    Path file = assignment("spare-1");
    vacant.fill(file);
    assertThatIllegalStateException().isThrownBy(() -> vacant.fill(file));
  }

  @Test
  void refusesWhatIsMeantForAnother() throws Exception {
    Path file = assignment("spare-2");
    assertThatIOException()
        .isThrownBy(() -> vacant.fill(file))
        .withMessageContaining("meant for host spare-2, not spare-1");
    assertThat(framework.context().getServiceReference(Assignment.class)).isNull();
  }
}
