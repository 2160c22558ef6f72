package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;

/** The greeter's two methods under any service name, so that a test can have many services. */
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

  private static MethodDescriptor<HelloRequest, HelloReply> named(
      MethodDescriptor<HelloRequest, HelloReply> method, String service, String name) {
    return method.toBuilder()
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
        .setSchemaDescriptor(null)
        .build();
  }
}
