using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>Debian's <c>python3-websockets</c>, a client that knows nothing of the hub.</summary>
public sealed class PythonClientTests
{
    private const string Script = """
        import asyncio, json, sys, websockets

        async def main():
            async with websockets.connect(sys.argv[1]) as plain, websockets.connect(sys.argv[1], subprotocols=["carillon.ndjson"]) as packed:
                assert plain.subprotocol is None and packed.subprotocol == "carillon.ndjson"
                for client in (plain, packed):
                    await client.send(json.dumps({"type": "SUBSCRIBE", "topics": ["t"], "nonce": "ü"}))
                    assert json.loads(await client.recv()) == {"success": ["t"], "errors": [], "nonce": "ü"}
                await packed.send("\n".join(json.dumps({"type": "PUBLISH", "topic": "t", "message": {"n": n}}) for n in range(50)))
                assert [json.loads(await plain.recv())["message"]["n"] for _ in range(50)] == list(range(50))
                seen = []
                while len(seen) < 50:
                    lines = [json.loads(line) for line in (await packed.recv()).split("\n")]
                    seen += [line["message"]["n"] for line in lines if "message" in line]
                assert seen == list(range(50))
                await (await plain.ping())
                await plain.send("garbage")
                await plain.send('{"type": "PING"}')
                assert json.loads(await plain.recv()) == {"type": "PONG"}
            print("passed")

        asyncio.run(asyncio.wait_for(main(), 30))
        """;

    [Fact]
    public async Task Both_framings_serve_python_websockets()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync();
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Script, application.Address.ToString()]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process python = Process.Start(start)!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        string output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        output.Trim().ShouldBe("passed", await errors);
    }
}
