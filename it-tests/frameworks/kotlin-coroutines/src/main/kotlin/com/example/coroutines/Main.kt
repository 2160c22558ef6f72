package com.example.coroutines

import com.example.greeter.api.GreeterGrpcKt.GreeterCoroutineStub
import com.example.greeter.api.HelloReply
import com.example.greeter.api.HelloRequest
import io.grpc.ManagedChannelBuilder
import io.grpc.ServerBuilder
import io.grpc.Status
import io.grpc.StatusException
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/**
 * `java -jar … <port> <target port>`: a server and a client of it in one JVM. Says `port <n>`; each
 * command on stdin makes calls and says `done <what was seen>`.
 */
fun main(args: Array<String>) {
  val channel =
    ManagedChannelBuilder.forTarget("localhost:" + args[1])
      .usePlaintext()
      .intercept(Trail("c2"), Trail("c1"))
      .build()
  val stub = GreeterCoroutineStub(channel)
  val greeter = Greeter(stub)
  val server =
    ServerBuilder.forPort(args[0].toInt())
      .addService(greeter)
      .intercept(Trail("s2"))
      .intercept(Named)
      .intercept(Trail("s1"))
      .build()
      .start()
  Runtime.getRuntime()
    .addShutdownHook(Thread { server.shutdown().awaitTermination(10, TimeUnit.SECONDS) })
  println("port " + server.port)
  val client = Client(stub, greeter)
  for (line in generateSequence(::readLine)) {
    println(
      try {
        "done " + runBlocking(Dispatchers.Default) { client.run(line) }
      } catch (e: Exception) {
        "failed $e"
      }
    )
  }
}

/** What the test may ask for. */
private class Client(private val stub: GreeterCoroutineStub, private val greeter: Greeter) {

  suspend fun run(command: String): String =
    when (command) {
      "unary" -> patient().sayHello(request("you")).text()
      "hop" -> patient().sayHello(request("hop")).text()
      "chat" -> patient().chat(requests().take(3)).map { it.text() }.toList().joinToString()
      "take" -> {
        val some = patient().chat(requests()).take(5).toList().size
        "$some, server " + withTimeout(20_000) { greeter.chats.receive() }
      }
      "deadline" -> {
        val late = stub.withDeadlineAfter(2, TimeUnit.SECONDS)
        "${failure { late.sayHello(request("slow")) }}, server " +
          withTimeout(20_000) { greeter.slow.receive(); greeter.slow.receive() }
      }
      "cancel" -> cancel()
      else -> throw IllegalArgumentException(command)
    }

  private fun patient() = stub.withDeadlineAfter(20, TimeUnit.SECONDS)

  /** A coroutine that is cancelled in its call. */
  private suspend fun cancel(): String = runBlocking(Dispatchers.Default) {
    val call = async { failure { stub.sayHello(request("slow")) } }
    val seen = withTimeout(20_000) { greeter.slow.receive() }
    call.cancelAndJoin()
    "$seen, cancelled ${call.isCancelled}, server " + withTimeout(20_000) { greeter.slow.receive() }
  }

  private suspend fun failure(call: suspend () -> HelloReply): Status.Code =
    try {
      call()
      Status.Code.OK
    } catch (e: StatusException) {
      e.status.code
    }

  private fun HelloReply.text() = "$message by $servedBy"

  private fun request(name: String) = HelloRequest.newBuilder().setName(name).build()

  /** Five, and then nothing, without an end. */
  private fun requests(): Flow<HelloRequest> = flow {
    repeat(5) { emit(request("you")) }
    awaitCancellation()
  }
}
