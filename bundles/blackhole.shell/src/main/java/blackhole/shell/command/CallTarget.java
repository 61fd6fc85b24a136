package blackhole.shell.command;

import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code SERVICE/METHOD} means. Either part may be a gRPC name: {@code identity/Authenticate},
 * {@code blackhole.identity.v1.Identity/Authenticate}, {@code
 * identity/grpc.health.v1.Health/Check}.
 *
 * @param service the configured name
 * @param grpcService the full name of the gRPC service, where that is what was given
 * @param method empty when there was none
 */
record CallTarget(String service, Optional<String> grpcService, Optional<String> method) {
  /**
   * @param directory where names are looked up; without one, or while it does not know all, a name
   *     is taken as it is
   * @throws CommandException when nothing of that name is known
   */
  static CallTarget parse(String text, @Nullable ServiceDirectory directory) {
    int slash = text.indexOf('/');
    String first = slash < 0 ? text : text.substring(0, slash);
    Optional<String> rest = slash < 0 ? Optional.empty() : Optional.of(text.substring(slash + 1));
    if (first.isEmpty() || rest.filter(String::isEmpty).isPresent()) {
      throw new CommandException(
          "'" + text + "' is not SERVICE/METHOD, as in identity/Authenticate");
    }
    if (directory != null && directory.find(first).isPresent()) {
      return new CallTarget(first, Optional.empty(), rest);
    }
    if (first.indexOf('.') >= 0) {
      return new CallTarget(owner(first, directory), Optional.of(first), rest);
    }
    if (directory != null && directory.isComplete()) {
      throw Directories.unknown(directory, first);
    }
    return new CallTarget(first, Optional.empty(), rest);
  }

  /**
   * Who serves this: who says so, or else whose name is in its package, because the methods of one
   * that was never ready are not known.
   */
  private static String owner(String grpcService, @Nullable ServiceDirectory directory) {
    List<ServiceRecord> services = directory == null ? List.of() : directory.services();
    for (ServiceRecord service : services) {
      if (service.methods().keySet().stream()
          .anyMatch(method -> method.startsWith(grpcService + "/"))) {
        return service.name();
      }
    }
    List<String> segments = List.of(grpcService.split("\\.", -1));
    for (ServiceRecord service : services) {
      if (segments.contains(service.name())) {
        return service.name();
      }
    }
    if (services.isEmpty() && segments.size() == 4 && segments.get(0).equals("blackhole")) {
      return segments.get(1);
    }
    throw new CommandException(
        "no service here serves '"
            + grpcService
            + "'; 'call SERVICE' lists what one has, and SERVICE/"
            + grpcService
            + "/METHOD says whose is meant");
  }

  /** For who looks it up in the service: the method, behind its gRPC service if that was given. */
  Optional<String> qualifiedMethod() {
    return method.map(name -> grpcService.map(prefix -> prefix + "/" + name).orElse(name));
  }
}
