package blackhole.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.grpc.ManagedChannel;
import io.grpc.channelz.v1.ChannelzGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service that comes and goes is channelz, whose messages are there anyway. */
class ReflectionTest {
  private static final String[] PLATFORM = {
    "blackhole.health.v1.Health",
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection"
  };

  @TempDir Path directory;
  private EndpointFixture fixture;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    fixture = EndpointFixture.open(directory.resolve("s"));
    channel = fixture.channel();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void listsWhatIsThereNow() throws Exception {
    assertThat(list()).containsExactlyInAnyOrder(PLATFORM);
    fixture.services.add(1, 0, new ChannelzGrpc.ChannelzImplBase() {});
    assertThat(list()).contains(PLATFORM).contains("grpc.channelz.v1.Channelz");
    assertThat(listAlpha()).contains(PLATFORM).contains("grpc.channelz.v1.Channelz");

    fixture.services.remove(1);
    assertThat(list()).containsExactlyInAnyOrder(PLATFORM);
    assertThat(listAlpha()).containsExactlyInAnyOrder(PLATFORM);
  }

  @Test
  void givesTheFilesOfServices() throws Exception {
    fixture.services.add(1, 0, new ChannelzGrpc.ChannelzImplBase() {});

    assertThat(fileOf("grpc.channelz.v1.Channelz").getServiceList())
        .anySatisfy(
            service ->
                assertThat(service.getMethodList())
                    .extracting("name")
                    .contains("GetTopChannels", "GetServer"));
    assertThat(fileOf("blackhole.health.v1.Health").getName())
        .isEqualTo("blackhole/health/v1/health.proto");
    assertThat(
            files(
                askAlpha(
                        io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                            .setFileContainingSymbol("grpc.channelz.v1.Channelz")
                            .build())
                    .getFileDescriptorResponse()
                    .getFileDescriptorProtoList()))
        .extracting(FileDescriptorProto::getPackage)
        .contains("grpc.channelz.v1");
  }

  @Test
  void saysSoWhenThereIsNone() throws Exception {
    ServerReflectionResponse response =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol("no.Such").build());
    assertThat(response.hasErrorResponse()).isTrue();
  }

  private List<String> list() throws Exception {
    return ask(ServerReflectionRequest.newBuilder().setListServices("").build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  private List<String> listAlpha() throws Exception {
    return askAlpha(
            io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                .setListServices("")
                .build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(io.grpc.reflection.v1alpha.ServiceResponse::getName)
        .toList();
  }

  private FileDescriptorProto fileOf(String symbol) throws Exception {
    ServerReflectionResponse response =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build());
    return files(response.getFileDescriptorResponse().getFileDescriptorProtoList()).get(0);
  }

  private static List<FileDescriptorProto> files(List<ByteString> bytes) throws Exception {
    List<FileDescriptorProto> files = new ArrayList<>();
    for (ByteString file : bytes) {
      files.add(FileDescriptorProto.parseFrom(file));
    }
    return files;
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request) throws Exception {
    return first(ServerReflectionGrpc.newStub(channel)::serverReflectionInfo, request);
  }

  private io.grpc.reflection.v1alpha.ServerReflectionResponse askAlpha(
      io.grpc.reflection.v1alpha.ServerReflectionRequest request) throws Exception {
    return first(
        io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(channel)::serverReflectionInfo,
        request);
  }

  private static <Q, R> R first(Function<StreamObserver<R>, StreamObserver<Q>> method, Q request)
      throws Exception {
    CompletableFuture<R> response = new CompletableFuture<>();
    StreamObserver<Q> requests =
        method.apply(
            new StreamObserver<>() {
              @Override
              public void onNext(R value) {
                response.complete(value);
              }

              @Override
              public void onError(Throwable t) {
                response.completeExceptionally(t);
              }

              @Override
              public void onCompleted() {}
            });
    requests.onNext(request);
    requests.onCompleted();
    return response.get(20, TimeUnit.SECONDS);
  }
}
