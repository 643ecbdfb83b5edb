using System.Runtime.CompilerServices;
using System.Text;
using Carillon.Errors;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas;

/// <summary>
/// The check of one payload against a schema. Its work is bounded whatever the payload: each schema that is tried on a value is a step, results of <c>$ref</c> are remembered
/// once there were many steps, so that alternatives that contain each other do not multiply, and after <see cref="BaseSteps"/> plus <see cref="StepsPerByte"/> for each byte
/// of the payload it is given up.
/// </summary>
/// <remarks>One per thread, used again for every payload; nothing is allocated when a payload fits and is not larger than those before.</remarks>
internal sealed class Validation
{
    /// <summary>Steps that every payload may take.</summary>
    public const int BaseSteps = 100_000;

    /// <summary>Steps that it may take besides for each of its bytes.</summary>
    public const int StepsPerByte = 32;

    private const int StepsBeforeMemory = 10_000;
    private const int MaxKeptChars = 64 * 1024;

    [ThreadStatic]
    private static Validation? ofThread;

    private char[] _chars = new char[256];
    private ResultMemory? _memory;
    private long _steps;
    private long _maxSteps;
    private string? _place;
    private string? _expectation;

    /// <summary>The payload.</summary>
    public JsonTree Tree { get; } = new();

    /// <summary>Checks a payload; null when it fits.</summary>
    public static Error? Run(Schema schema, ReadOnlySpan<byte> payload)
    {
        Validation validation = ofThread ??= new Validation();
        try
        {
            return validation.Check(schema, payload);
        }
        finally
        {
            validation.Tree.Trim();
            validation._chars = validation._chars.Length > MaxKeptChars ? new char[256] : validation._chars;
            validation._memory = null;
        }
    }

    /// <summary>Whether a value fits a schema.</summary>
    public bool Check(Schema schema, int node, bool report)
    {
        Charge(1);
        if (_steps > _maxSteps)
        {
            return false;
        }

        if (schema.IsNever)
        {
            return Refuse(node, report, "is not allowed");
        }

        foreach (SchemaKeyword keyword in schema.For(Tree[node].Kind))
        {
            if (!keyword.Check(this, node, report))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same for schemas that several places refer to.</summary>
    public bool CheckReferred(Schema schema, int node, bool report)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _steps = long.MaxValue / 2;
            return false;
        }

        if (_steps < StepsBeforeMemory)
        {
            return Check(schema, node, report);
        }

        _memory ??= new ResultMemory();

        // A failure that is to be told must be met again.
        if (_memory.TryGet(schema.Number, node, out bool fits) && (fits || !report))
        {
            return fits;
        }

        fits = Check(schema, node, report);
        _memory.Set(schema.Number, node, fits);
        return fits;
    }

    /// <summary>Counts work that is not a step by itself.</summary>
    public void Charge(int steps) => _steps += steps;

    /// <summary>Takes note of the first failure that is to be told.</summary>
    /// <returns>False, for keywords to return.</returns>
    public bool Refuse(int node, bool report, string expectation)
    {
        if (report)
        {
            Refuse(ValuePath.Of(Tree, node), expectation);
        }

        return false;
    }

    /// <summary>Takes note of a failure at a place that has no value.</summary>
    public void Refuse(string place, string expectation)
    {
        _place ??= place;
        _expectation ??= expectation;
    }

    /// <summary>A string's text as regular expressions want it.</summary>
    public ReadOnlySpan<char> Chars(int node)
    {
        ReadOnlySpan<byte> text = Tree.Text(node);
        Charge(text.Length / 4);
        if (_chars.Length < text.Length)
        {
            _chars = new char[Math.Max(text.Length, 2 * _chars.Length)];
        }

        return _chars.AsSpan(0, Encoding.UTF8.GetChars(text, _chars));
    }

    private Error? Check(Schema schema, ReadOnlySpan<byte> payload)
    {
        _steps = 0;
        _maxSteps = BaseSteps + ((long)StepsPerByte * payload.Length);
        _place = _expectation = null;
        Tree.Load(payload);
        bool fits = Check(schema, JsonTree.Root, report: true);
        if (_steps > _maxSteps)
        {
            return Violation(ValuePath.Root, "takes too much work to be checked against the topic's schema: it repeats or nests too much");
        }

        return fits ? null : Violation(_place!, _expectation!);
    }

    private static Error Violation(string place, string expectation) => new(ErrorCode.SpecViolation, $"Field '{place}' {expectation}", place);
}
