package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

class ComponentDiagnosisTest {
  private final List<ComponentDescriptionDTO> all = new ArrayList<>();
  private final Map<ComponentDescriptionDTO, List<ComponentConfigurationDTO>> configurations =
      new HashMap<>();
  private final ComponentDiagnosis diagnosis =
      new ComponentDiagnosis(() -> all, description -> configurations.get(description));

  @Test
  void aReferenceWithoutProviderIsNamedWithItsTarget() {
    ComponentDescriptionDTO api = component("Api", "api.Api", "store", "api.Store");
    unsatisfied(api, "store", "(kind=fast)");
    assertThat(diagnosis.waitsFor(api))
        .isEqualTo(
            "component Api waits for reference store (interface api.Store, target (kind=fast)),"
                + " which has no provider");
  }

  @Test
  void theChainIsFollowedToItsEnd() {
    ComponentDescriptionDTO api = component("Api", "api.Api", "store", "api.Store");
    unsatisfied(api, "store", null);
    ComponentDescriptionDTO store = component("SqlStore", "api.Store", "disk", "api.Disk");
    unsatisfied(store, "disk", null);
    ComponentDescriptionDTO disk = component("Disk", "api.Disk");
    disk.configurationPid = new String[] {"disk"};
    state(disk, ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION);

    assertThat(diagnosis.waitsFor(api))
        .isEqualTo(
            "component Api waits for reference store (interface api.Store): component SqlStore"
                + " waits for reference disk (interface api.Disk): component Disk waits for a"
                + " configuration with PID disk");
  }

  @Test
  void aCircleIsNamedAsOne() {
    ComponentDescriptionDTO one = component("One", "api.One", "two", "api.Two");
    unsatisfied(one, "two", null);
    ComponentDescriptionDTO two = component("Two", "api.Two", "one", "api.One");
    unsatisfied(two, "one", null);

    assertThat(diagnosis.waitsFor(one))
        .endsWith("component One waits for itself: the references form a circle");
  }

  @Test
  void whatIsSatisfiedIsOnItsWay() {
    ComponentDescriptionDTO api = component("Api", "api.Api");
    state(api, ComponentConfigurationDTO.SATISFIED);
    assertThat(diagnosis.waitsFor(api)).isEqualTo("component Api is about to be registered");
    assertThat(diagnosis.failure(all)).isEmpty();
  }

  @Test
  void ofSeveralFailuresTheOneThatCausedTheOthersIsTold() {
    ComponentDescriptionDTO api = component("Api", "api.Api", "store", "api.Store");
    state(api, ComponentConfigurationDTO.FAILED_ACTIVATION).failure = "a.B: no store";
    ComponentDescriptionDTO store = component("SqlStore", "api.Store");
    state(store, ComponentConfigurationDTO.FAILED_ACTIVATION).failure = "a.B: locked\n\tat a.b.c()";

    assertThat(diagnosis.failure(all))
        .contains("component SqlStore could not be activated: a.B: locked");
  }

  @Test
  void failuresThatNeedEachOtherAreStillTold() {
    ComponentDescriptionDTO one = component("One", "api.One", "two", "api.Two");
    state(one, ComponentConfigurationDTO.FAILED_ACTIVATION).failure = "a.B: one";
    ComponentDescriptionDTO two = component("Two", "api.Two", "one", "api.One");
    state(two, ComponentConfigurationDTO.FAILED_ACTIVATION);

    assertThat(diagnosis.failure(all)).contains("component One could not be activated: a.B: one");
  }

  private ComponentDescriptionDTO component(String name, String offers, String... references) {
    ComponentDescriptionDTO component = new ComponentDescriptionDTO();
    component.name = name;
    component.bundle = new BundleDTO();
    component.serviceInterfaces = new String[] {offers};
    component.configurationPid = new String[] {name};
    component.references = new ReferenceDTO[references.length / 2];
    for (int i = 0; i < component.references.length; i++) {
      component.references[i] = new ReferenceDTO();
      component.references[i].name = references[2 * i];
      component.references[i].interfaceName = references[2 * i + 1];
    }
    all.add(component);
    return component;
  }

  private ComponentConfigurationDTO state(ComponentDescriptionDTO component, int state) {
    ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
    configuration.state = state;
    configurations.put(component, List.of(configuration));
    return configuration;
  }

  private void unsatisfied(ComponentDescriptionDTO component, String name, String target) {
    UnsatisfiedReferenceDTO reference = new UnsatisfiedReferenceDTO();
    reference.name = name;
    reference.target = target;
    state(component, ComponentConfigurationDTO.UNSATISFIED_REFERENCE).unsatisfiedReferences =
        new UnsatisfiedReferenceDTO[] {reference};
  }
}
