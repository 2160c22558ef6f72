package com.example.springs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.GreeterGrpc.GreeterBlockingStub;
import io.grpc.ClientInterceptor;
import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.StringJoiner;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.GlobalClientInterceptor;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;
import org.springframework.grpc.server.service.GrpcService;

/**
 * The greeter with Spring gRPC's annotations, on Netty unless the settings say that it is Tomcat's.
 * The client's target is in application.properties; what differs between versions of Spring Boot is
 * in Boot, beside them.
 */
@SpringBootApplication
public class Application {

  private final GreeterBlockingStub greeter;
  private final MeterRegistry meters;

  /** Volatile: set by the console's thread, read where health is looked at. */
  private volatile boolean broken;

  Application(GrpcChannelFactory channels, MeterRegistry meters) {
    this.greeter = GreeterGrpc.newBlockingStub(channels.createChannel("greeter"));
    this.meters = meters;
  }

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  @EventListener
  public void started(GrpcServerStartedEvent event) {
    open(event.getPort());
  }

  void open(int port) {
    Console.open(port, greeter, this::answer);
  }

  boolean isBroken() {
    return broken;
  }

  private String answer(String line) {
    String[] words = line.split(" ");
    if (words[0].equals("health")) {
      broken = words[1].equals("NOT_SERVING");
      return words[1];
    }
    return meters();
  }

  private String meters() {
    StringJoiner all = new StringJoiner(" ");
    for (Meter meter : meters.getMeters()) {
      if (meter.getId().getName().startsWith("grpc.")
          && "helloworld.Greeter".equals(meter.getId().getTag("rpc.service"))) {
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

  @Bean
  @Order(2)
  @GlobalClientInterceptor
  static ClientInterceptor secondOfClient() {
    return Trail.client("c2");
  }

  @Bean
  @Order(1)
  @GlobalClientInterceptor
  static ClientInterceptor firstOfClient() {
    return Trail.client("c1");
  }

  @Bean
  @Order(2)
  @GlobalServerInterceptor
  static ServerInterceptor secondOfServer() {
    return Trail.server("s2");
  }

  @Bean
  @Order(1)
  @GlobalServerInterceptor
  static ServerInterceptor firstOfServer() {
    return Trail.server("s1");
  }
}
