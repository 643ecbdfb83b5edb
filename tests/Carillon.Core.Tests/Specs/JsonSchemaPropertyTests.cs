using System.Numerics;
using System.Text;
using System.Text.Json;
using Carillon.Specs;
using Carillon.Specs.Values;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Specs;

public sealed class JsonSchemaPropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true);

    [Fact]
    public void A_constant_is_equal_to_itself_however_it_is_written() => Check(seed =>
    {
        var random = new Random(seed);
        object? value = RandomJson.Value(random);

        JsonSchemaSpec.Parse($$"""{"const":{{RandomJson.Write(value, random)}}}""").Check(RandomJson.Write(value, random)).ShouldBeNull();
    });

    [Fact]
    public void Two_values_are_equal_where_the_framework_says_so() => Check(seed =>
    {
        var random = new Random(seed);
        string left = RandomJson.Write(RandomJson.Value(random, 2), random);
        string right = RandomJson.Write(RandomJson.Value(random, 2), random);
        bool areEqual = JsonElement.DeepEquals(JsonElement.Parse(left), JsonElement.Parse(right));

        (JsonSchemaSpec.Parse($$"""{"enum":[[],{{left}}]}""").Check(right) is null).ShouldBe(areEqual || right == "[]");
        (JsonSchemaSpec.Parse("""{"uniqueItems":true}""").Check($"[{left},{right}]") is null).ShouldBe(!areEqual);
    });

    [Fact]
    public void Unique_items_are_those_of_which_no_pair_is_equal() => Check(seed =>
    {
        var random = new Random(seed);
        string[] items = [.. Enumerable.Range(0, random.Next(8)).Select(_ => RandomJson.Write(RandomJson.Value(random, 1), random))];
        JsonElement[] parsed = [.. items.Select(item => JsonElement.Parse(item))];
        bool areUnique = !parsed.Where((item, index) => parsed.Take(index).Any(other => JsonElement.DeepEquals(item, other))).Any();

        (JsonSchemaSpec.Parse("""{"uniqueItems":true}""").Check($"[{string.Join(',', items)}]") is null).ShouldBe(areUnique);
    });

    [Fact]
    public void Numbers_are_compared_and_divided_as_exact_fractions() => Check(seed =>
    {
        var random = new Random(seed);
        (string left, BigInteger leftValue) = Number(random);
        (string right, BigInteger rightValue) = Number(random);
        (string divisor, BigInteger divisorValue) = Number(random, digits: 5);
        var number = new ExactNumber(Encoding.UTF8.GetBytes(left));

        Math.Sign(ExactNumber.Compare(number, new ExactNumber(Encoding.UTF8.GetBytes(right)))).ShouldBe(Math.Sign(leftValue.CompareTo(rightValue)), $"{left} {right}");
        number.IsInteger.ShouldBe(leftValue % BigInteger.Pow(10, Scale) == 0, left);
        if (divisorValue > 0)
        {
            number.IsMultipleOf(new ExactNumber(Encoding.UTF8.GetBytes(divisor))).ShouldBe(leftValue % divisorValue == 0, $"{left} {divisor}");
        }
    });

    private const int Scale = 60;

    // A number, and its value times 10^60.
    private static (string Text, BigInteger Value) Number(Random random, int digits = 25)
    {
        string whole = random.Next(2) == 0 ? random.Next(12).ToString() : (random.Next(9) + 1) + Digits(random, random.Next(digits));
        string fraction = random.Next(2) == 0 ? "" : Digits(random, random.Next(1, digits));
        int exponent = random.Next(-15, 16);
        bool isNegative = random.Next(3) == 0;
        string text = $"{(isNegative ? "-" : "")}{whole}{(fraction.Length > 0 ? $".{fraction}" : "")}{(random.Next(2) == 0 ? $"e{exponent}" : $"E{(exponent >= 0 ? "+" : "-")}0{Math.Abs(exponent)}")}";
        BigInteger value = BigInteger.Parse(whole + fraction) * BigInteger.Pow(10, Scale - fraction.Length + exponent);
        return (text, isNegative ? -value : value);
    }

    private static string Digits(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? random.Next(10) : 0));

    private static void Check(Action<int> property) => FsCheck.Check.One(Thorough, Prop.ForAll<int>(property));
}
