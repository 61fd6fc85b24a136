package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.service.HealthResult;
import blackhole.api.service.HealthStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
  private static final String EXHAUSTED = "/dev/null (Too many open files)";

  private final FakeTable system = new FakeTable();
  private final List<String> ends = new ArrayList<>();
  private final OpenFiles files = new OpenFiles(system, ends::add);

  @Test
  void withRoomToSpareAllIsWell() {
    files.look();
    assertThat(files.check()).isEqualTo(HealthResult.healthy());
  }

  @Test
  void nearTheLimitItIsDegraded() {
    system.open = 91;
    files.look();
    assertThat(files.check())
        .isEqualTo(HealthResult.degraded("91 of 100 file descriptors are open"));
  }

  @Test
  void atTheLimitItIsUnhealthyAndThenEnds() {
    system.problem = EXHAUSTED;
    files.look();
    files.look();
    assertThat(files.check()).isEqualTo(HealthResult.unhealthy("too many open files of 100"));
    assertThat(ends).isEmpty();
    files.look();
    assertThat(ends).containsExactly("java.io.IOException: too many open files of 100");
  }

  @Test
  void whatComesBackInTimeIsForgotten() {
    for (int i = 0; i < 10; i++) {
      system.problem = EXHAUSTED;
      files.look();
      files.look();
      system.problem = "";
      files.look();
    }
    assertThat(ends).isEmpty();
    assertThat(files.check().status()).isEqualTo(HealthStatus.HEALTHY);
  }

  @Test
  void whenTheWholeMachineHasNoneLeftItIsNotOurFault() {
    system.problem = "/dev/null (Too many open files in system)";
    for (int i = 0; i < 10; i++) {
      files.look();
    }
    assertThat(ends).isEmpty();
  }

  @Test
  void thisProcessHasFilesAndALimit() throws IOException {
    ProcFiles real = new ProcFiles();
    real.probe();
    assertThat(real.limit().orElseThrow()).isGreaterThan(real.open().orElseThrow());
    assertThat(real.open().orElseThrow()).isGreaterThan(2);
  }

  private static final class FakeTable implements OpenFiles.Table {
    private long open = 90;
    private String problem = "";

    @Override
    public void probe() throws IOException {
      if (!problem.isEmpty()) {
        throw new FileNotFoundException(problem);
      }
    }

    @Override
    public OptionalLong limit() {
      return OptionalLong.of(100);
    }

    @Override
    public OptionalLong open() {
      return OptionalLong.of(open);
    }
  }
}
