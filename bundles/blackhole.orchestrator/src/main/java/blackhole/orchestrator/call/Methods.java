package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCallException;
import blackhole.orchestrator.config.schema.Suggestions;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The methods of one service, and which of them a name means. */
final class Methods {
  private final String service;
  private final Reflection reflection;
  private final Schema schema;

  /**
   * @param service the configured name, for what goes wrong
   */
  Methods(String service, Reflection reflection, Schema schema) {
    this.service = service;
    this.reflection = reflection;
    this.schema = schema;
  }

  /** All gRPC services there, by name, the service's own first. */
  List<ServiceDescriptor> services() throws MethodCallException, InterruptedException {
    List<String> names = reflection.services();
    List<ServiceDescriptor> services = own(names);
    services.addAll(beside(names));
    return services;
  }

  private List<ServiceDescriptor> own(List<String> names)
      throws MethodCallException, InterruptedException {
    return describe(names.stream().filter(name -> !isBeside(name)).toList());
  }

  private List<ServiceDescriptor> beside(List<String> names)
      throws MethodCallException, InterruptedException {
    return describe(names.stream().filter(Methods::isBeside).toList());
  }

  /** Whether every host serves it, beside what is its own. */
  private static boolean isBeside(String service) {
    return service.startsWith("grpc.") || service.startsWith("blackhole.health.");
  }

  private List<ServiceDescriptor> describe(List<String> names)
      throws MethodCallException, InterruptedException {
    List<ServiceDescriptor> services = new ArrayList<>();
    for (String name : names.stream().sorted().toList()) {
      schema.service(name).ifPresent(services::add);
    }
    return services;
  }

  /**
   * The method of this name, alone or behind its gRPC service's, in full or without the package.
   * One of the service's own goes before one that every service has.
   */
  MethodDescriptor find(String name) throws MethodCallException, InterruptedException {
    int slash = name.lastIndexOf('/');
    String grpcService = slash < 0 ? "" : name.substring(0, slash);
    String method = name.substring(slash + 1);
    List<String> names = reflection.services();
    List<String> asked = names.stream().filter(each -> isMeant(grpcService, each)).toList();
    if (asked.isEmpty()) {
      throw new MethodCallException(
          "service '"
              + service
              + "' has no gRPC service '"
              + grpcService
              + "'"
              + suggestion(grpcService, names));
    }
    List<ServiceDescriptor> services = own(asked);
    List<MethodDescriptor> found = named(method, services);
    if (found.isEmpty()) {
      services.addAll(beside(asked));
      found = named(method, services);
    }
    return switch (found.size()) {
      case 0 -> throw unknown(method, services);
      case 1 -> found.get(0);
      default -> throw ambiguous(method, found);
    };
  }

  private static boolean isMeant(String asked, String service) {
    return asked.isEmpty() || service.equals(asked) || service.endsWith("." + asked);
  }

  private static List<MethodDescriptor> named(String method, List<ServiceDescriptor> services) {
    return services.stream()
        .flatMap(each -> each.getMethods().stream())
        .filter(each -> each.getName().equals(method))
        .toList();
  }

  private MethodCallException unknown(String method, List<ServiceDescriptor> services) {
    List<String> names =
        services.stream()
            .flatMap(each -> each.getMethods().stream())
            .map(MethodDescriptor::getName)
            .toList();
    return new MethodCallException(
        "service '" + service + "' has no method '" + method + "'" + suggestion(method, names));
  }

  private MethodCallException ambiguous(String method, List<MethodDescriptor> found) {
    return new MethodCallException(
        "service '"
            + service
            + "' has several methods '"
            + method
            + "'; say which: "
            + found.stream()
                .map(each -> service + "/" + each.getService().getFullName() + "/" + method)
                .collect(Collectors.joining(", ")));
  }

  private static String suggestion(String word, Collection<String> known) {
    return Suggestions.closest(word, known)
        .map(closest -> "; did you mean '" + closest + "'?")
        .orElse("; it has " + String.join(", ", known.stream().distinct().toList()));
  }
}
