package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.ProcessIdentity;
import blackhole.orchestrator.node.HostRecord.Duty;
import blackhole.orchestrator.node.HostRecord.Made;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostRecordsTest {
  private static final HostRecord RECORD =
      new HostRecord(
          "identity-1-abc-1",
          new ProcessIdentity(4711, 99),
          "secret=with:odd #chars",
          Path.of("/run/ä b/identity-1.1.sock"),
          Path.of("/run/ä b/identity-1.sock"),
          new Made(256 << 20, List.of("-Dname=two words", "-Dodd=\\ü#!")),
          Optional.empty());
  private static final Duty DUTY = new Duty(3, "call=secret");

  @TempDir Path directory;
  private HostRecords records;

  @BeforeEach
  void open() throws IOException {
    records = new HostRecords(directory.resolve("hosts"));
  }

  private Path file(String name) {
    return directory.resolve("hosts").resolve(name);
  }

  @Test
  void keepsWhatTheNextOrchestratorNeeds() throws IOException {
    records.write(RECORD);
    assertThat(new HostRecords(directory.resolve("hosts")).all()).containsExactly(RECORD);
  }

  @Test
  void keepsWhatAnInstanceIs() throws IOException {
    HostRecord instance = RECORD.on(DUTY, RECORD.socket(), RECORD.link());
    records.write(instance);
    assertThat(records.all()).containsExactly(instance);
  }

  @Test
  void aSpareThatGotAServiceIsTheSameProcessElsewhere() throws IOException {
    records.write(RECORD);
    Path socket = Path.of("/run/identity-1.2.sock");
    Path link = Path.of("/run/identity-1.sock");

    records.assigned(RECORD.hostId(), DUTY, socket, link);

    assertThat(records.all()).containsExactly(RECORD.on(DUTY, socket, link));
  }

  @Test
  void aSpareIsAnInstancesWhereBothWereLeftBehind() throws IOException {
    records.write(RECORD);
    byte[] spare = Files.readAllBytes(file(RECORD.hostId() + ".host"));
    records.assigned(RECORD.hostId(), DUTY, RECORD.socket(), RECORD.link());
    Files.write(file(RECORD.hostId() + ".host"), spare);

    assertThat(records.all()).containsExactly(RECORD.on(DUTY, RECORD.socket(), RECORD.link()));

    records.remove(RECORD.hostId());
    assertThat(directory.resolve("hosts")).isEmptyDirectory();
  }

  @Test
  void isForThisUserAlone() throws IOException {
    records.write(RECORD);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(file(RECORD.hostId() + ".host"))))
        .isEqualTo("rw-------");
  }

  @Test
  void forgetsAHostThatEnded() throws IOException {
    records.write(RECORD);
    records.remove(RECORD.hostId());
    records.remove(RECORD.hostId());
    assertThat(records.all()).isEmpty();
  }

  @Test
  void removesWhatItCannotRead() throws IOException {
    records.write(RECORD);
    Files.writeString(file("torn.host"), "host_id=torn\npid=12");
    Files.writeString(file("odd.host"), "pid=many\nhost_id=odd\nstart_ticks=1\ntoken=t\n");
    assertThat(records.all()).containsExactly(RECORD);
    assertThat(file("torn.host")).doesNotExist();
    assertThat(file("odd.host")).doesNotExist();
  }

  @Test
  void looksAtNothingElse() throws IOException {
    Files.writeString(file("identity-1-abc-1.assignment"), "format=1\n");
    assertThat(records.all()).isEmpty();
    assertThat(file("identity-1-abc-1.assignment")).exists();
  }
}
