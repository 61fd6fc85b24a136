package blackhole.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** The event stream on a host of plain bundles. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class EventsRunTest {
  private static final String NAME = "blackhole.events";

  @Inject private BundleContext context;

  /** The host alone: what the event stream adds, the host installs. */
  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("host");
  }

  private RunningHost start(Map<String, Object> custom) throws Exception {
    return new RunningHost(
        context, "events", NAME, directory -> ResolvedRun.servicesOwn("events"), custom);
  }

  @Test
  public void opensItsLogAndServes() throws Exception {
    try (RunningHost host = start(Map.of("segment_size", 65_536L)).awaitReady()) {
      Path data = host.directory().resolve("data");
      assertThat(data.resolve("log/0000000000000000001.events")).isNotEmptyFile();
    }
  }

  @Test
  public void saysWhichSettingKeepsItFromStarting() throws Exception {
    try (Complaints complaints = new Complaints();
        RunningHost host = start(Map.of("sync", "never"))) {
      assertThat(host.awaitExit()).isEqualTo(1);
      assertThat(complaints.next()).contains("the start failed", "custom.sync is 'never'");
      assertThat(host.sockets()).isEmpty();
    }
  }
}
