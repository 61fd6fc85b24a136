package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.host.trial.TrialService;
import io.grpc.BindableService;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.util.tracker.ServiceTracker;

class TrialBundleTest {
  @TempDir Path directory;

  @Test
  void isAServicesBundleWithClassesOfItsOwn() throws Exception {
    Path jar = directory.resolve("trial.jar");
    TrialBundle.write(jar);
    try (TestFramework framework = new TestFramework(directory.resolve("framework"))) {
      ServiceTracker<BindableService, BindableService> tracker =
          new ServiceTracker<>(framework.context(), BindableService.class, null);
      tracker.open();
      Bundle bundle = framework.context().installBundle("reference:" + jar.toUri());
      bundle.start();

      BindableService service = tracker.waitForService(20_000);

      assertThat(bundle.getSymbolicName()).isEqualTo(TrialBundle.SYMBOLIC_NAME);
      assertThat(service.bindService().getServiceDescriptor().getName())
          .isEqualTo(TrialService.NAME);
      assertThat(service.getClass().getClassLoader())
          .isNotEqualTo(TrialService.class.getClassLoader());
    }
  }
}
