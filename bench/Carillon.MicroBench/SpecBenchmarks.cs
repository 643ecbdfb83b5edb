using System.Text;
using BenchmarkDotNet.Attributes;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Specs;
using Carillon.Topics;

namespace Carillon.MicroBench;

/// <summary>What a topic's spec and its appended fields cost each publish.</summary>
[MemoryDiagnoser]
public class SpecBenchmarks
{
    private readonly FieldSpec _fields = FieldSpec.Parse(new Dictionary<string, string> { ["seq"] = "string", ["text"] = "string", ["tags"] = "optional array" });
    private readonly JsonSchemaSpec _schema = JsonSchemaSpec.Parse(
        """{"type":"object","properties":{"seq":{"type":"string","maxLength":10},"text":{"type":"string","maxLength":4000}},"required":["seq","text"],"additionalProperties":false}""");

    private readonly JsonSchemaSpec _pattern = JsonSchemaSpec.Parse(
        """{"type":"object","properties":{"seq":{"type":"string","pattern":"^[0-9]{10}$"},"text":{"type":"string","maxLength":4000}},"required":["seq","text"],"additionalProperties":false}""");

    private readonly JsonSchemaSpec _list = JsonSchemaSpec.Parse(
        """
        {"type":"object","required":["items"],"properties":{"items":{"type":"array","uniqueItems":true,"items":{"$ref":"#/$defs/item"}}},
         "$defs":{"item":{"type":"object","required":["id","price","kind"],"additionalProperties":false,
           "properties":{"id":{"type":"integer","minimum":1},"price":{"type":"number","minimum":0,"multipleOf":0.01},"kind":{"enum":["book","disc","game"]}}}}}
        """);

    private readonly AppendedFields _appended = new(AppendedField.ServerTime("time"));
    private PublishContext _context;
    private byte[] _payload = [];
    private byte[] _items = [];

    /// <summary>Bytes of the payload.</summary>
    [Params(128, 1024)]
    public int Payload { get; set; }

    /// <summary>Makes one text of that size, and one list of about that size.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _payload = Samples.Payload(Payload);
        _items = Encoding.ASCII.GetBytes($"{{\"items\":[{string.Join(',', Enumerable.Range(1, Payload / 40).Select(i => $"{{\"id\":{i},\"price\":{i}.95,\"kind\":\"disc\"}}"))}]}}");
        TopicName.TryCreate("news", "topic", out TopicName topic, out _);
        _context = new PublishContext(topic, new UnixTime(1_678_886_400_123), ["alice"]);
    }

    /// <summary>Two fields of a map.</summary>
    [Benchmark]
    public Error? Field_map() => _fields.Check(_payload);

    /// <summary>The same as a schema.</summary>
    [Benchmark]
    public Error? Schema() => _schema.Check(_payload);

    /// <summary>And with a regular expression.</summary>
    [Benchmark]
    public Error? Schema_with_pattern() => _pattern.Check(_payload);

    /// <summary>A list of unique objects with numbers and an enumeration.</summary>
    [Benchmark]
    public Error? Schema_of_a_list() => _list.Check(_items);

    /// <summary>The server's time behind a payload.</summary>
    [Benchmark]
    public int Append_a_field()
    {
        _appended.TryAppend(_payload, _context, out ReadOnlyMemory<byte> result, out _);
        return result.Length;
    }
}
