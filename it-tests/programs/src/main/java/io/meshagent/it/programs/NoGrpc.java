package io.meshagent.it.programs;

/** A program that has nothing to do with gRPC. */
public final class NoGrpc {

  private NoGrpc() {}

  public static void main(String[] args) {
    System.out.println("hello");
  }
}
