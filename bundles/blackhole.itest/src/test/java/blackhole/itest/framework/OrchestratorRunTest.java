package blackhole.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.Lifecycle;
import blackhole.api.observe.TracingSettings;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Channels;
import blackhole.api.service.HostInfo;
import blackhole.api.shell.LineExecutor;
import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Alerts;
import blackhole.api.supervision.Handover;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceLimits;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.NodeEvents;
import blackhole.api.supervision.PastUsage;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.Reloading;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.StateHistory;
import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** The resolved orchestrator, all of plain bundles, without a home and a life to end. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class OrchestratorRunTest {
  @Inject private BundleContext context;
  @Inject private ServiceComponentRuntime runtime;
  @Inject private LineExecutor shell;

  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("orchestrator");
  }

  @Test
  public void startsEveryBundle() {
    List<String> notActive =
        Stream.of(context.getBundles())
            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
            .map(bundle -> bundle.getSymbolicName() + " in state " + bundle.getState())
            .toList();
    assertThat(notActive)
        .containsExactly("org.apache.felix.gogo.jline in state " + Bundle.RESOLVED);
    assertThat(context.getBundles()).hasSizeGreaterThan(30);
  }

  /** The node needs the boot code; all else needs the node, which publishes these when it runs. */
  @Test
  public void leavesNothingUnsatisfiedButForWantOfBoot() {
    Map<String, Set<String>> missing = new HashMap<>();
    for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
      for (ComponentConfigurationDTO configuration :
          runtime.getComponentConfigurationDTOs(component)) {
        assertThat(configuration.state)
            .as(component.name + ": " + configuration.failure)
            .isNotEqualTo(ComponentConfigurationDTO.FAILED_ACTIVATION);
        for (UnsatisfiedReferenceDTO unsatisfied : configuration.unsatisfiedReferences) {
          missing
              .computeIfAbsent(component.bundle.symbolicName, name -> new HashSet<>())
              .add(interfaceOf(component, unsatisfied.name));
        }
      }
    }
    assertThat(missing)
        .isEqualTo(
            Map.of(
                "blackhole.client",
                Set.of(
                    ServiceDirectory.class.getName(),
                    CallerIdentity.class.getName(),
                    Channels.class.getName(),
                    HostInfo.class.getName()),
                "blackhole.observability",
                Set.of(
                    TracingSettings.class.getName(),
                    Alerts.class.getName(),
                    Supervisor.class.getName(),
                    NodeConfiguration.class.getName(),
                    Hosts.class.getName(),
                    Samples.class.getName(),
                    Pressure.class.getName(),
                    Spares.class.getName(),
                    Updates.class.getName()),
                "blackhole.orchestrator",
                Set.of(Lifecycle.class.getName(), Channels.class.getName()),
                "blackhole.shell",
                Set.of(
                    Supervisor.class.getName(),
                    NodeConfiguration.class.getName(),
                    Hosts.class.getName(),
                    InstanceLimits.class.getName(),
                    Samples.class.getName(),
                    Pressure.class.getName(),
                    Reloading.class.getName(),
                    StateHistory.class.getName(),
                    NodeEvents.class.getName(),
                    PastUsage.class.getName(),
                    Spares.class.getName(),
                    Handover.class.getName(),
                    Alerts.class.getName(),
                    Updates.class.getName())));
    assertThat(context.getServiceReference(Supervisor.class)).isNull();
  }

  private static String interfaceOf(ComponentDescriptionDTO component, String reference) {
    return Stream.of(component.references)
        .filter(each -> each.name.equals(reference))
        .map((ReferenceDTO each) -> each.interfaceName)
        .findFirst()
        .orElseThrow();
  }

  @Test
  public void runsLinesOfTheShell() {
    LineResult answer = shell.execute("felix:lb -s | grep blackhole.orchestrator", Path.of("/"));
    assertThat(answer.stderr()).isEmpty();
    assertThat(answer.exitCode()).isZero();
    assertThat(answer.stdout()).contains("Active", "blackhole.orchestrator");

    long id = context.getBundle().getBundleId();
    assertThat(shell.execute("felix:headers " + id, Path.of("/")).stdout())
        .contains("Bundle-SymbolicName = " + context.getBundle().getSymbolicName());

    LineResult wrong = shell.execute("no:such", Path.of("/"));
    assertThat(wrong.exitCode()).isNotZero();
    assertThat(wrong.stderr()).contains("no:such");
  }
}
