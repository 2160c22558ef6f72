package com.example.coroutines

import com.example.greeter.api.GreeterGrpcKt.GreeterCoroutineImplBase
import com.example.greeter.api.GreeterGrpcKt.GreeterCoroutineStub
import com.example.greeter.api.HelloReply
import com.example.greeter.api.HelloRequest
import io.grpc.Context
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.withContext

/**
 * Answers with what it knows of the call: the interceptors that it passed, whether it has a
 * deadline, and its coroutine's name. `hop` calls the greeter of [next] on the way, `slow` never
 * answers.
 */
class Greeter(private val next: GreeterCoroutineStub) : GreeterCoroutineImplBase() {

  /** What slow calls saw: that they began, and how they ended. */
  val slow = Channel<String>(Channel.UNLIMITED)

  /** How chats ended. */
  val chats = Channel<String>(Channel.UNLIMITED)

  override suspend fun sayHello(request: HelloRequest): HelloReply =
    when (request.name) {
      "slow" ->
        try {
          slow.send("began")
          awaitCancellation()
        } finally {
          // gRPC cancels the context on another thread than the coroutine, before or after it.
          Context.current()
            .addListener({ slow.trySend("cancelled ${it.isCancelled}") }, Runnable::run)
        }
      "hop" -> {
        val onwards = request.toBuilder().setName("you").build()
        withContext(Dispatchers.IO) { next.sayHello(onwards) }
      }
      else -> {
        delay(10)
        reply()
      }
    }

  override fun chat(requests: Flow<HelloRequest>): Flow<HelloReply> =
    requests.map { reply() }.onCompletion { cause -> if (cause != null) chats.trySend("cancelled") }

  private suspend fun reply(): HelloReply {
    val trail = Trail.PASSED.get()
    val deadline = Context.current().deadline != null
    val name = currentCoroutineContext()[CoroutineName]?.name
    return HelloReply.newBuilder()
      .setMessage("$trail, deadline $deadline, coroutine $name")
      .setServedBy("kotlin")
      .build()
  }
}
