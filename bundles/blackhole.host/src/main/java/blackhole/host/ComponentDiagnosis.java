package blackhole.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Says what a DS component waits for, followed down to where the chain ends, or why it failed. Pure
 * over what SCR reports at one moment.
 */
final class ComponentDiagnosis {
  private final Supplier<Collection<ComponentDescriptionDTO>> all;
  private final Function<ComponentDescriptionDTO, Collection<ComponentConfigurationDTO>>
      configurations;

  /**
   * @param all the components of every bundle, to find who could provide what is missing; asked
   *     only then, as there are many
   */
  ComponentDiagnosis(
      Supplier<Collection<ComponentDescriptionDTO>> all,
      Function<ComponentDescriptionDTO, Collection<ComponentConfigurationDTO>> configurations) {
    this.all = all;
    this.configurations = configurations;
  }

  /**
   * Why one of these could not be activated, if that is so. One that only failed because another
   * did is not the reason.
   */
  Optional<String> failure(Collection<ComponentDescriptionDTO> components) {
    List<ComponentDescriptionDTO> failed =
        components.stream().filter(component -> failure(component).isPresent()).toList();
    return failed.stream()
        .filter(component -> failed.stream().noneMatch(other -> needs(component, other)))
        .findFirst()
        .or(() -> failed.stream().findFirst())
        .flatMap(this::failure);
  }

  private static boolean needs(ComponentDescriptionDTO component, ComponentDescriptionDTO other) {
    List<String> offered = List.of(other.serviceInterfaces);
    return Arrays.stream(component.references)
        .anyMatch(reference -> offered.contains(reference.interfaceName));
  }

  private Optional<String> failure(ComponentDescriptionDTO component) {
    for (ComponentConfigurationDTO configuration : configurations.apply(component)) {
      if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
        String trace = configuration.failure == null ? "" : configuration.failure;
        return Optional.of(
            "component "
                + component.name
                + " could not be activated: "
                + FailureText.ofStackTrace(trace));
      }
    }
    return Optional.empty();
  }

  /** What the component waits for; it is on its way when that is nothing. */
  String waitsFor(ComponentDescriptionDTO component) {
    return "component " + component.name + " " + reason(component, new HashSet<>());
  }

  private String reason(ComponentDescriptionDTO component, Set<String> seen) {
    if (!seen.add(component.bundle.id + "/" + component.name)) {
      return "waits for itself: the references form a circle";
    }
    Collection<ComponentConfigurationDTO> own = configurations.apply(component);
    for (ComponentConfigurationDTO configuration : own) {
      // without any, it is in the middle of a change
      if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
          && configuration.unsatisfiedReferences.length > 0) {
        return "waits for " + references(component, configuration, seen);
      }
    }
    boolean configured =
        own.stream()
            .anyMatch(each -> each.state != ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION);
    return configured
        ? "is about to be registered"
        : "waits for a configuration with PID " + String.join(" or ", component.configurationPid);
  }

  private String references(
      ComponentDescriptionDTO component,
      ComponentConfigurationDTO configuration,
      Set<String> seen) {
    List<String> parts = new ArrayList<>();
    for (UnsatisfiedReferenceDTO unsatisfied : configuration.unsatisfiedReferences) {
      parts.add(reference(component, unsatisfied, seen));
    }
    return String.join("; and for ", parts);
  }

  private String reference(
      ComponentDescriptionDTO component, UnsatisfiedReferenceDTO unsatisfied, Set<String> seen) {
    @Nullable String type = interfaceOf(component, unsatisfied.name);
    String target = unsatisfied.target == null ? "" : ", target " + unsatisfied.target;
    String what = "reference " + unsatisfied.name + " (interface " + type + target + ")";
    for (ComponentDescriptionDTO candidate : all.get()) {
      if (type != null && List.of(candidate.serviceInterfaces).contains(type)) {
        Optional<String> failure = failure(candidate);
        return what
            + ": "
            + failure.orElseGet(
                () -> "component " + candidate.name + " " + reason(candidate, seen));
      }
    }
    return what + ", which has no provider";
  }

  private static @Nullable String interfaceOf(ComponentDescriptionDTO component, String name) {
    for (ReferenceDTO reference : component.references) {
      if (reference.name.equals(name)) {
        return reference.interfaceName;
      }
    }
    return null;
  }
}
