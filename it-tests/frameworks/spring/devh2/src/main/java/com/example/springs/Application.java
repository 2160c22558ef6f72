package com.example.springs;

import com.example.greeter.api.GreeterGrpc.GreeterBlockingStub;
import io.grpc.ClientInterceptor;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.StringJoiner;
import net.devh.boot.grpc.client.inject.GrpcClient;
import net.devh.boot.grpc.client.interceptor.GrpcGlobalClientInterceptor;
import net.devh.boot.grpc.server.event.GrpcServerStartedEvent;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import net.devh.boot.grpc.server.service.GrpcService;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

/** The greeter with net.devh's annotations. The client's target is in application.properties. */
@SpringBootApplication
public class Application {

  @GrpcClient("greeter")
  private GreeterBlockingStub greeter;

  private final HealthStatusManager health;
  private final MeterRegistry meters;

  Application(HealthStatusManager health, MeterRegistry meters) {
    this.health = health;
    this.meters = meters;
  }

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  @EventListener
  public void started(GrpcServerStartedEvent event) {
    Console.open(event.getPort(), greeter, this::answer);
  }

  private String answer(String line) {
    String[] words = line.split(" ");
    if (words[0].equals("health")) {
      health.setStatus("helloworld.Greeter", ServingStatus.valueOf(words[1]));
      return words[1];
    }
    return meters();
  }

  private String meters() {
    StringJoiner all = new StringJoiner(" ");
    for (Meter meter : meters.getMeters()) {
      if (meter.getId().getName().startsWith("grpc.")
          && "helloworld.Greeter".equals(meter.getId().getTag("service"))
          && "SayHello".equals(meter.getId().getTag("method"))) {
        Measurement first = meter.measure().iterator().next();
        all.add(meter.getId().getName() + "=" + (int) first.getValue());
      }
    }
    return all.toString();
  }

  @GrpcService
  static class GreeterService extends Greeter {
    GreeterService(@Value("${greeter.name}") String name) {
      super(name);
    }
  }

  @Configuration
  static class Interceptors {

    @Order(2)
    @GrpcGlobalClientInterceptor
    ClientInterceptor secondOfClient() {
      return Trail.client("c2");
    }

    @Order(1)
    @GrpcGlobalClientInterceptor
    ClientInterceptor firstOfClient() {
      return Trail.client("c1");
    }

    @Order(2)
    @GrpcGlobalServerInterceptor
    ServerInterceptor secondOfServer() {
      return Trail.server("s2");
    }

    @Order(1)
    @GrpcGlobalServerInterceptor
    ServerInterceptor firstOfServer() {
      return Trail.server("s1");
    }
  }
}
