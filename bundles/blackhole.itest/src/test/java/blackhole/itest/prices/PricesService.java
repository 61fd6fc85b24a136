package blackhole.itest.prices;

import blackhole.api.service.HostInfo;
import blackhole.itest.prices.v1.GetPriceRequest;
import blackhole.itest.prices.v1.GetPriceResponse;
import blackhole.itest.prices.v1.PricesGrpc;
import blackhole.itest.prices.v1.SetPriceRequest;
import blackhole.itest.prices.v1.SetPriceResponse;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The module's face as a service: takes requests apart, and says its exceptions as statuses. */
@Component(service = BindableService.class)
public final class PricesService extends PricesGrpc.PricesImplBase {
  private final Prices prices;

  @Activate
  public PricesService(@Reference HostInfo host) throws IOException {
    prices = new PriceBook(host.dataDirectory().orElseThrow());
  }

  @Override
  public void getPrice(GetPriceRequest request, StreamObserver<GetPriceResponse> answer) {
    try {
      answer.onNext(
          GetPriceResponse.newBuilder().setCents(prices.of(request.getArticle())).build());
      answer.onCompleted();
    } catch (Prices.UnknownArticleException e) {
      answer.onError(Status.NOT_FOUND.withDescription(e.getMessage()).asRuntimeException());
    }
  }

  @Override
  public void setPrice(SetPriceRequest request, StreamObserver<SetPriceResponse> answer) {
    prices.set(request.getArticle(), request.getCents());
    answer.onNext(SetPriceResponse.getDefaultInstance());
    answer.onCompleted();
  }
}
