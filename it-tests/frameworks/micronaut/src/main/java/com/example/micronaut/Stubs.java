package com.example.micronaut;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.GreeterGrpc.GreeterStub;
import io.grpc.ManagedChannel;
import io.micronaut.context.annotation.Factory;
import io.micronaut.grpc.annotation.GrpcChannel;
import jakarta.inject.Singleton;

/** The stub, on the channel that the framework makes. */
@Factory
class Stubs {

  @Singleton
  GreeterStub stub(@GrpcChannel("greeter") ManagedChannel channel) {
    return GreeterGrpc.newStub(channel);
  }
}
