package blackhole.host;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Finds out whether a component's class loads, with all that its methods mention. */
final class ClassProbe {
  private static final Logger LOG = System.getLogger(ClassProbe.class.getName());

  private ClassProbe() {}

  /** Why it does not, in words; empty when it does. */
  static Optional<String> problem(Bundle bundle, ComponentDescriptionDTO component) {
    try {
      Class<?> type = bundle.loadClass(component.implementationClass);
      // SCR looks through these too, and then needs the classes of all parameters
      int members = type.getDeclaredConstructors().length + type.getDeclaredMethods().length;
      LOG.log(Level.DEBUG, "{0} loads, with {1} members", type.getName(), members);
      return Optional.empty();
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.of(
          "component "
              + component.name
              + " does not load: "
              + FailureText.of(e)
              + ". Is its package in the bundle, or imported?");
    }
  }
}
