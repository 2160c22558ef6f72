package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;

/**
 * The greeter's two methods under any service name, so that a test can have many services; and two
 * more, so that there are all four kinds.
 */
final class Named {

  static final String GREETER = GreeterGrpc.SERVICE_NAME;

  private Named() {}

  static MethodDescriptor<HelloRequest, HelloReply> sayHello(String service) {
    return named(GreeterGrpc.getSayHelloMethod(), service, "SayHello");
  }

  static MethodDescriptor<HelloRequest, HelloReply> chat(String service) {
    return named(GreeterGrpc.getChatMethod(), service, "Chat");
  }

  static ServerServiceDefinition service(String service, GreeterGrpc.GreeterImplBase greeter) {
    return ServerServiceDefinition.builder(service)
        .addMethod(sayHello(service), ServerCalls.asyncUnaryCall(greeter::sayHello))
        .addMethod(chat(service), ServerCalls.asyncBidiStreamingCall(greeter::chat))
        .build();
  }

  /** Many requests, one response. */
  static MethodDescriptor<HelloRequest, HelloReply> collect(String service) {
    return named(GreeterGrpc.getChatMethod(), service, "Collect").toBuilder()
        .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
        .build();
  }

  /** One request, some responses. */
  static MethodDescriptor<HelloRequest, HelloReply> tell(String service) {
    return named(GreeterGrpc.getChatMethod(), service, "Tell").toBuilder()
        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
        .build();
  }

  static ServerServiceDefinition allKinds(String service, FlakyGreeter greeter) {
    return ServerServiceDefinition.builder(service)
        .addMethod(sayHello(service), ServerCalls.asyncUnaryCall(greeter::sayHello))
        .addMethod(chat(service), ServerCalls.asyncBidiStreamingCall(greeter::chat))
        .addMethod(collect(service), ServerCalls.asyncClientStreamingCall(greeter::collect))
        .addMethod(tell(service), ServerCalls.asyncServerStreamingCall(greeter::tell))
        .build();
  }

  private static MethodDescriptor<HelloRequest, HelloReply> named(
      MethodDescriptor<HelloRequest, HelloReply> method, String service, String name) {
    return method.toBuilder()
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
        .setSchemaDescriptor(null)
        .build();
  }
}
