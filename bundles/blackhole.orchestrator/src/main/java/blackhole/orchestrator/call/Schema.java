package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCallException;
import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.WrappersProto;
import com.google.rpc.ErrorDetailsProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The types of a service, and of others that its answers carry, asked for as they are needed.
 * Thread-safe: a call's requests are read on another thread than its answers.
 */
final class Schema {
  /** What everybody knows, and some servers don't send. */
  private static final List<FileDescriptor> WELL_KNOWN =
      List.of(
          DescriptorProtos.getDescriptor(),
          AnyProto.getDescriptor(),
          ApiProto.getDescriptor(),
          DurationProto.getDescriptor(),
          EmptyProto.getDescriptor(),
          FieldMaskProto.getDescriptor(),
          SourceContextProto.getDescriptor(),
          StructProto.getDescriptor(),
          TimestampProto.getDescriptor(),
          TypeProto.getDescriptor(),
          WrappersProto.getDescriptor(),
          ErrorDetailsProto.getDescriptor());

  /** Where types are asked for that the service itself does not know. */
  interface Others {
    /** The file that declares this, and perhaps what it imports; empty when nobody knows it. */
    List<ByteString> fileOf(String symbol) throws InterruptedException;
  }

  private final Reflection reflection;
  private final Others others;

  // guarded by this
  private final Map<String, FileDescriptorProto> sent = new HashMap<>();
  private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
  private @Nullable TypeRegistry registry;

  Schema(Reflection reflection, Others others) {
    this.reflection = reflection;
    this.others = others;
  }

  /** A gRPC service by its full name; empty when the server does not know it. */
  synchronized Optional<ServiceDescriptor> service(String name)
      throws MethodCallException, InterruptedException {
    if (find(name).isEmpty()) {
      load(reflection.fileOf(name));
    }
    return find(name);
  }

  private Optional<ServiceDescriptor> find(String service) {
    return files.values().stream()
        .flatMap(file -> file.getServices().stream())
        .filter(each -> each.getFullName().equals(service))
        .findFirst();
  }

  /** A message by its full name; empty when nobody knows it. */
  synchronized Optional<Descriptor> type(String name)
      throws MethodCallException, InterruptedException {
    if (registry().find(name) == null) {
      load(reflection.fileOf(name));
    }
    if (registry().find(name) == null) {
      load(others.fileOf(name));
    }
    return Optional.ofNullable(registry().find(name));
  }

  /** From now on it is a message of which nothing but the name is known. */
  synchronized void declareOpaque(String name) throws MethodCallException {
    int dot = name.lastIndexOf('.');
    FileDescriptor unused =
        link(
            FileDescriptorProto.newBuilder()
                .setName("opaque/" + name)
                .setPackage(name.substring(0, Math.max(0, dot)))
                .addMessageType(
                    DescriptorProtos.DescriptorProto.newBuilder().setName(name.substring(dot + 1)))
                .build(),
            List.of());
    registry = null;
  }

  /** All messages so far, for what is packed into an {@code Any}. */
  synchronized TypeRegistry registry() {
    if (registry == null) {
      TypeRegistry.Builder types = TypeRegistry.newBuilder();
      Stream.concat(files.values().stream(), WELL_KNOWN.stream())
          .filter(file -> !file.getMessageTypes().isEmpty())
          // one type of a file stands for all of them
          .forEach(file -> types.add(file.getMessageTypes().get(0)));
      registry = types.build();
    }
    return registry;
  }

  private void load(List<ByteString> protos) throws MethodCallException, InterruptedException {
    for (String file : receive(protos)) {
      FileDescriptor unused = build(file, new HashSet<>());
    }
    registry = null;
  }

  /** Remembers the files and returns their names. */
  private List<String> receive(List<ByteString> protos) throws MethodCallException {
    List<String> names = new ArrayList<>();
    try {
      for (ByteString bytes : protos) {
        FileDescriptorProto proto = FileDescriptorProto.parseFrom(bytes);
        sent.putIfAbsent(proto.getName(), proto);
        names.add(proto.getName());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new MethodCallException("the service's reflection sent what is no file of protobuf");
    }
    return names;
  }

  /** Null for a file that nobody has: only a type that is used must be there. */
  private @Nullable FileDescriptor build(String name, Set<String> importing)
      throws MethodCallException, InterruptedException {
    FileDescriptor built = files.get(name);
    if (built != null) {
      return built;
    }
    if (!sent.containsKey(name)) {
      List<String> unused = receive(reflection.file(name));
    }
    FileDescriptorProto proto = sent.get(name);
    if (proto == null) {
      return WELL_KNOWN.stream()
          .filter(file -> file.getName().equals(name))
          .findFirst()
          .orElse(null);
    }
    if (!importing.add(name)) {
      throw new MethodCallException("the service's reflection sent files that import each other");
    }
    List<FileDescriptor> imports = new ArrayList<>();
    for (String dependency : proto.getDependencyList()) {
      FileDescriptor imported = build(dependency, importing);
      if (imported != null) {
        imports.add(imported);
      }
    }
    importing.remove(name);
    return link(proto, imports);
  }

  private FileDescriptor link(FileDescriptorProto proto, List<FileDescriptor> imports)
      throws MethodCallException {
    try {
      FileDescriptor file =
          FileDescriptor.buildFrom(proto, imports.toArray(new FileDescriptor[0]), true);
      files.put(file.getName(), file);
      return file;
    } catch (DescriptorValidationException e) {
      throw new MethodCallException(
          "the service's reflection sent a file that does not hold together: " + e.getMessage());
    }
  }
}
