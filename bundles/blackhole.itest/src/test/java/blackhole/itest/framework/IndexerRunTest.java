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

/** The indexer on a host of plain bundles, where Lucene finds its own parts. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class IndexerRunTest {
  private static final String NAME = "blackhole.indexer";

  @Inject private BundleContext context;

  /** The host alone: what the indexer adds, the host installs. */
  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("host");
  }

  private RunningHost start(Map<String, Object> custom) throws Exception {
    return new RunningHost(
        context, "indexer", NAME, directory -> ResolvedRun.servicesOwn("indexer"), custom);
  }

  @Test
  public void opensItsIndexAndServes() throws Exception {
    try (RunningHost host = start(Map.of("commit_interval", 10L)).awaitReady()) {
      Path index = host.directory().resolve("data/index");
      assertThat(index.resolve("write.lock")).exists();
    }
  }

  @Test
  public void saysWhichSettingKeepsItFromStarting() throws Exception {
    try (Complaints complaints = new Complaints();
        RunningHost host = start(Map.of("buffer_size", 5L))) {
      assertThat(host.awaitExit()).isEqualTo(1);
      assertThat(complaints.next()).contains("the start failed", "custom.buffer_size is 5");
      assertThat(host.sockets()).isEmpty();
    }
  }
}
