// A client whose types and calls oapi-codegen makes from the description: it
// asks a running server.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
)

func main() {
	client, err := NewClientWithResponses(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	q, limit := "sauvegarde s3", 2
	types := []SearchParamsType{"exigence"}
	found, err := client.SearchWithResponse(ctx, &SearchParams{Q: &q, Limit: &limit, Type: &types})
	if err != nil || found.JSON200 == nil {
		log.Fatal(err, found)
	}
	hit := found.JSON200.Hits[0]
	fmt.Println("search", hit.Id, hit.Level, found.JSON200.Corrected == nil, hit.Page.Source)

	record, err := client.ExigenceWithResponse(ctx, "ex33", nil)
	if err != nil || record.JSON200 == nil {
		log.Fatal(err, record)
	}
	fmt.Println("record", record.JSON200.Id, record.JSON200.Title)

	offset, fields := 1, []ExigencesParamsFields{"title"}
	piece, err := client.ExigencesWithResponse(ctx, &ExigencesParams{Limit: &limit, Offset: &offset, Fields: &fields})
	if err != nil || piece.JSON200 == nil {
		log.Fatal(err, piece)
	}
	var ids []string
	for _, e := range piece.JSON200.Exigences {
		ids = append(ids, e.Id)
	}
	fmt.Println("piece", piece.JSON200.Total, strings.Join(ids, ","), piece.HTTPResponse.Header.Get("Link") != "")

	absent, err := client.ExigenceWithResponse(ctx, "EX999", nil)
	if err != nil || absent.ApplicationproblemJSON404 == nil {
		log.Fatal(err, absent)
	}
	fmt.Println("absent", absent.ApplicationproblemJSON404.Status)

	limit = 1000
	wrong, err := client.SearchWithResponse(ctx, &SearchParams{Q: &q, Limit: &limit})
	if err != nil || wrong.ApplicationproblemJSON400 == nil {
		log.Fatal(err, wrong)
	}
	fmt.Println("wrong", wrong.ApplicationproblemJSON400.Status, *wrong.ApplicationproblemJSON400.Parameter)
}
